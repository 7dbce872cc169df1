// Checks a request's body against a zod schema and answers 422 with a JSON pointer for every fault.
import { z } from 'zod';
import { type InputIssue, Problem } from './problem.ts';

// Compiling a schema at its first use would make the first request of a route the slow one.
z.config({ jitless: true });

/** Returns the parsed value. Throws a 422 `invalid-input` Problem that points at each fault. */
export function checkInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const checked = schema.safeParse(value, { reportInput: true });
  if (checked.success) return checked.data;
  const issues = checked.error.issues.flatMap(toInputIssues);
  throw new Problem({
    status: 422,
    code: 'invalid-input',
    title: 'The input is not valid',
    detail: issues.map((issue) => `${issue.pointer}: ${issue.detail}`).join('; '),
    issues,
  });
}

function toInputIssues(issue: z.core.$ZodIssue): InputIssue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: toPointer([...issue.path, key]),
      detail: 'This field is not known: leave it out',
    }));
  }
  return [{ pointer: toPointer(issue.path), detail: `${issue.message}${describeInput(issue.input)}` }];
}

/** RFC 6901 in its URI fragment form: `#/items/0/quantity`. */
function toPointer(path: readonly PropertyKey[]): string {
  return `#${path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}

function describeInput(input: unknown): string {
  const isScalar = ['string', 'number', 'boolean'].includes(typeof input) || input === null;
  return isScalar ? `, received ${JSON.stringify(input).slice(0, 80)}` : '';
}
