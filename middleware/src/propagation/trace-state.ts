// The tracestate of a span, which also remembers whether its trace id was marked as random.

import type { TraceState } from '@opentelemetry/api';
import { parseTracestate } from './parse-tracestate.ts';
import { isKey, isValue } from './tracestate-grammar.ts';
import { fitToLimits } from './tracestate-limits.ts';

/**
 * An immutable list that always follows the grammar and the limits. It carries the random flag because it is the only
 * part of a span context that the OpenTelemetry SDK hands unchanged from parent to child.
 */
export class W3CTraceState implements TraceState {
  readonly #members: ReadonlyMap<string, string>;
  #serialized: string | undefined;
  readonly hasRandomTraceId: boolean;

  constructor(members: ReadonlyMap<string, string>, hasRandomTraceId: boolean) {
    this.#members = members;
    this.hasRandomTraceId = hasRandomTraceId;
  }

  get(key: string): string | undefined {
    return this.#members.get(key);
  }

  /** With the member at the front; at the limits the last ones go. Unchanged when key or value is against the grammar. */
  set(key: string, value: string): W3CTraceState {
    const isText = typeof key === 'string' && typeof value === 'string';
    if (!isText || !isKey(key, 0, key.length) || !isValue(value, 0, value.length)) return this;
    const members = new Map([[key, value]]);
    for (const [other, kept] of this.#members) if (other !== key) members.set(other, kept);
    return new W3CTraceState(fitToLimits(members), this.hasRandomTraceId);
  }

  unset(key: string): W3CTraceState {
    if (!this.#members.has(key)) return this;
    const members = new Map(this.#members);
    members.delete(key);
    return new W3CTraceState(members, this.hasRandomTraceId);
  }

  /** The header's value; empty when there is nothing to send. */
  serialize(): string {
    this.#serialized ??= [...this.#members].map(([key, value]) => `${key}=${value}`).join(',');
    return this.#serialized;
  }
}

const noMembers: ReadonlyMap<string, string> = new Map();
const emptyOfRandomTrace = new W3CTraceState(noMembers, true);
const emptyOfOtherTrace = new W3CTraceState(noMembers, false);

/** The state of a trace that arrived without members. */
export function emptyTraceState(hasRandomTraceId: boolean): W3CTraceState {
  return hasRandomTraceId ? emptyOfRandomTrace : emptyOfOtherTrace;
}

export function readTraceState(text: string, hasRandomTraceId: boolean): W3CTraceState {
  const members = parseTracestate(text);
  return members.size === 0
    ? emptyTraceState(hasRandomTraceId)
    : new W3CTraceState(members, hasRandomTraceId);
}

/** What the trace's first traceparent said of its id; `undefined` for a state that was not made here. */
export function randomTraceIdOf(state: TraceState | undefined): boolean | undefined {
  return (state as Partial<W3CTraceState> | undefined)?.hasRandomTraceId;
}
