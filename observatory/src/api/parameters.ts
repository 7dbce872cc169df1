// Query strings, parsed by zod: each parameter's parser says what it expects, the error names parameter and value.
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { parseTraceId } from './parse-trace-id.ts';

/** A parameter of a query string: text in, a `T` out. */
export type Parameter<T> = z.ZodPipe<z.ZodString, z.ZodTransform<T, string>>;

/** A parameter that `parse` understands; `expected` completes "expected …" in the error. */
export function parameter<T>(expected: string, parse: (text: string) => T | undefined): Parameter<T> {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `got ${JSON.stringify(text)}, expected ${expected}` });
    return z.NEVER;
  });
}

const TRUE = /^(1|t|T|TRUE|true|True)$/;
const FALSE = /^(0|f|F|FALSE|false|False)$/;
const MAX_LIMIT = 10_000;

function parseBoolean(text: string): boolean | undefined {
  if (TRUE.test(text)) return true;
  return FALSE.test(text) ? false : undefined;
}

function parseLimit(text: string): number | undefined {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MAX_LIMIT ? limit : undefined;
}

export const booleanParameter: Parameter<boolean> = parameter('true or false', parseBoolean);
export const limitParameter: Parameter<number> = parameter(
  `a whole number from 1 to ${MAX_LIMIT}`,
  parseLimit,
);
export const traceIdParameter: Parameter<string> = parameter(
  'a trace id of up to 32 hex digits',
  parseTraceId,
);

/** The first value of each parameter, and all values of those named in `lists`; empty values count as absent. */
function collect(search: URLSearchParams, lists: readonly string[]): Record<string, string | string[]> {
  const collected: Record<string, string | string[]> = Object.create(null) as Record<string, string>;
  for (const [name, value] of search) {
    if (value === '') continue;
    if (lists.includes(name)) collected[name] = [...(collected[name] ?? []), value];
    else collected[name] ??= value;
  }
  return collected;
}

/** The query string of a request target. */
export function searchOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
}

/**
 * Parses a query string; parameters that the schema does not know are ignored, as Jaeger does.
 * @throws ApiError 400 that names the parameter, its value and what is expected.
 */
export function parseParameters<S extends z.ZodType>(
  schema: S,
  search: URLSearchParams,
  lists: readonly string[] = [],
): z.output<S> {
  const result = schema.safeParse(collect(search, lists));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = issue?.path[0];
  const where = name === undefined ? '' : `unable to parse param '${String(name)}': `;
  throw new ApiError(400, `${where}${issue?.message ?? 'bad parameters'}`);
}
