// Turns a failed call to another service into the answer the gateway gives for it.
import { Problem } from '@longpole/demo-chassis';
import { z } from 'zod';

/** A service the checkout needs is down, too slow, or broken: 503. */
export class DependencyUnavailable extends Problem {
  /** False when the call can't have reached the service. */
  readonly mayHaveHappened: boolean;

  constructor(service: string, reason: string, mayHaveHappened: boolean, cause: unknown) {
    super({
      status: 503,
      code: 'dependency-unavailable',
      title: 'A service the checkout needs is not available',
      detail: `${service} ${reason}: nothing was ordered, try again later.`,
      headers: { 'retry-after': '5' },
      cause,
    });
    this.mayHaveHappened = mayHaveHappened;
  }
}

const NEVER_REACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const TOO_SLOW = new Set(['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED']);

const failedCall = z.object({
  code: z.string().optional(),
  response: z.object({ status: z.number(), data: z.unknown() }).optional(),
});

const problemAnswer = z.object({
  type: z.templateLiteral(['urn:longpole:problem:', z.string()]),
  title: z.string(),
  detail: z.string(),
});

export interface Call {
  readonly service: string;
  readonly timeoutMs: number;
  /** The service's own 4xx answers that the customer is to see as they are. */
  readonly passOn: readonly number[];
}

/** The Problem to answer with when `call` failed with `error`. */
export function toUpstreamProblem({ service, timeoutMs, passOn }: Call, error: unknown): Problem {
  const failure = failedCall.safeParse(error).data;
  const code = failure?.code ?? 'unknown error';
  if (failure?.response) return fromAnswer(service, failure.response, passOn, error);
  if (TOO_SLOW.has(code)) {
    return new DependencyUnavailable(service, `did not answer within ${timeoutMs} ms`, true, error);
  }
  return new DependencyUnavailable(service, `can't be reached (${code})`, !NEVER_REACHED.has(code), error);
}

function fromAnswer(
  service: string,
  { status, data }: { status: number; data: unknown },
  passOn: readonly number[],
  error: unknown,
): Problem {
  const problem = problemAnswer.safeParse(data).data;
  if (problem && passOn.includes(status)) {
    const code = problem.type.slice('urn:longpole:problem:'.length);
    const headers = status === 401 ? { 'www-authenticate': 'Bearer realm="longpole-demo"' } : {};
    return new Problem({ status, code, title: problem.title, detail: problem.detail, headers, cause: error });
  }
  const reason = problem ? `answered ${status} (${problem.detail})` : `answered ${status}`;
  return new DependencyUnavailable(service, reason, true, error);
}
