// Parameters of a what-if: which spans, and what becomes of them.
import { z } from 'zod';
import type { Change } from '../../analysis/what-if.ts';
import { ApiError } from '../api-error.ts';
import { parameter, parseParameters } from '../parameters.ts';

function parseKind(text: string): Change['kind'] | undefined {
  return text === 'scale' || text === 'remove' || text === 'parallel' ? text : undefined;
}

function parseFactor(text: string): number | undefined {
  const factor = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(factor) && factor >= 0 && factor <= 1_000 ? factor : undefined;
}

const WHAT_IF = z.object({
  kind: parameter('one of scale, remove, parallel', parseKind).default('scale'),
  factor: parameter('a number from 0 to 1000', parseFactor).default(0.5),
  service: z.string().optional(),
  operation: z.string().optional(),
});

/** Reads the query string. @throws ApiError 400 */
export function parseWhatIfRequest(search: URLSearchParams): Change {
  const { kind, factor, service, operation } = parseParameters(WHAT_IF, search);
  if (service === undefined && operation === undefined) {
    throw new ApiError(400, 'name a service, an operation, or both');
  }
  const match = { ...(service !== undefined && { service }), ...(operation !== undefined && { operation }) };
  return kind === 'scale' ? { kind, match, factor } : { kind, match };
}
