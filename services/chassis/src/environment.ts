// Reads one environment variable with a zod schema; a bad value becomes one line that names it and the cure.
import type { z } from 'zod';

export interface Variable<T> {
  readonly name: string;
  /** Takes the text, or undefined when the variable is unset or empty. */
  readonly schema: z.ZodType<T, string | undefined>;
  /** What the value must be, to follow "is not". */
  readonly expects: string;
  readonly example: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that can't be used. Its message is one line: name, value, cure. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'ERR_LONGPOLE_ENVIRONMENT';
}

/** Throws an EnvironmentError when the value doesn't fit. */
export function readVariable<T>(environment: Environment, variable: Variable<T>): T {
  const text = environment[variable.name];
  const checked = variable.schema.safeParse(text === '' ? undefined : text);
  if (checked.success) return checked.data;
  throw new EnvironmentError(
    `${variable.name}=${JSON.stringify(text)} is not ${variable.expects}. ` +
      `Set it like ${variable.name}=${variable.example}, or leave it out.`,
  );
}
