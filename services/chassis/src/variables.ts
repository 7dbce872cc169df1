// The kinds of environment variable the demo has: ports, milliseconds, URLs, switches, text.
import { z } from 'zod';
import type { Variable } from './environment.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';

const MAX_MILLISECONDS = 600_000;

const wholeNumber = (max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().max(max))
    .default(fallback);

/** A TCP port; 0 takes any free one. */
export function portVariable(name: string, fallback: number): Variable<number> {
  return {
    name,
    schema: wholeNumber(65_535, fallback),
    expects: 'a port from 0 to 65535',
    example: String(fallback),
  };
}

export function millisecondsVariable(name: string, fallback: number): Variable<number> {
  return {
    name,
    schema: wholeNumber(MAX_MILLISECONDS, fallback),
    expects: `a whole number of milliseconds from 0 to ${MAX_MILLISECONDS}`,
    example: String(fallback),
  };
}

/** An http or https origin, with or without a path. */
export function urlVariable(name: string, fallback: string): Variable<string> {
  return {
    name,
    schema: z.url({ protocol: /^https?$/ }).default(fallback),
    expects: 'an http or https URL',
    example: fallback,
  };
}

export function switchVariable(name: string): Variable<boolean> {
  return {
    name,
    schema: z
      .enum(['on', 'off'])
      .transform((value) => value === 'on')
      .default(false) as z.ZodType<boolean, string | undefined>,
    expects: 'on or off',
    example: 'on',
  };
}

export function logLevelVariable(name: string): Variable<LogLevel> {
  return {
    name,
    schema: z.enum(LOG_LEVELS).default('info') as z.ZodType<LogLevel, string | undefined>,
    expects: `one of ${LOG_LEVELS.join(', ')}`,
    example: 'warn',
  };
}

export function textVariable(name: string, fallback: string): Variable<string> {
  return { name, schema: z.string().default(fallback), expects: 'text', example: 'text' };
}

export function folderVariable(name: string): Variable<string | undefined> {
  return { name, schema: z.string().optional(), expects: 'a folder', example: './data' };
}
