/** Limits of `--fail-if`: what they mean and which ones are broken. */
export { checkLimits, type LimitTargets } from './check-limits.ts';
export type { BrokenLimit, Limit, LimitOperator, LimitSubject } from './limit.ts';
export { LimitError } from './limit-error.ts';
export { parseLimit } from './parse-limit.ts';
