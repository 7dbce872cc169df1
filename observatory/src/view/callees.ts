// What calls without an answer in the trace went to: `gateway · POST` alone does not say whom it waits for.
import type { TraceAnalysis } from '../analysis/analyze-trace.ts';
import type { SpanNode } from '../trace/node.ts';

const NAMES = ['service.peer.name', 'peer.service', 'db.system.name', 'server.address'];
/** Names kept of one operation. */
const MOST = 3;

/** The service that a call went to without an answer in the trace, by what the caller says of it. */
export function unansweredPeer({ span, children }: SpanNode): string | undefined {
  if (span.kind !== 'CLIENT' || children.some((child) => child.span.service !== span.service))
    return undefined;
  const { attributes } = span;
  const name = NAMES.map((key) => attributes[key]).find((value) => typeof value === 'string' && value !== '');
  return name as string | undefined;
}

/** Collects by operation whom the critical paths of traces wait for without hearing from them. */
export class Callees {
  readonly #byOperation = new Map<string, string[]>();

  add({ path }: TraceAnalysis): this {
    for (const { node } of path.parts) {
      const peer = unansweredPeer(node);
      if (peer !== undefined) this.#note(node.span.service, node.span.name, peer);
    }
    return this;
  }

  /** Of one operation, at most three. */
  of(service: string, operation: string): readonly string[] {
    return this.#byOperation.get(JSON.stringify([service, operation])) ?? [];
  }

  #note(service: string, operation: string, peer: string): void {
    const key = JSON.stringify([service, operation]);
    const known = this.#byOperation.get(key);
    if (known === undefined) this.#byOperation.set(key, [peer]);
    else if (known.length < MOST && !known.includes(peer)) known.push(peer);
  }
}
