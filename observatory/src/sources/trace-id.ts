// Trace ids as people have them at hand.

const HEX_ID = /^[0-9a-f]{1,32}$/;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{0,16}-[0-9a-f]{2}$/;
const HEADER_NAME = /^(?:traceparent|traceresponse) *: */;
const IN_URL = /\/(?:trace|traces|api\/v2\/trace)\/([^/?#]+)/;
const SHORTEST = 16;

/**
 * The trace id in a text: 32 hex digits, 16 to 31 of them (Jaeger cuts leading zeros), a UUID's dashes or capitals
 * between, or a whole `traceparent` or `traceresponse` header, with or without its name. `undefined` when it is none of them.
 */
export function parseTraceId(text: string): string | undefined {
  const lower = text.trim().toLowerCase().replace(HEADER_NAME, '');
  const fromHeader = TRACEPARENT.exec(lower)?.[1];
  if (fromHeader !== undefined) return fromHeader;
  const digits = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(lower)
    ? lower.replaceAll('-', '')
    : lower;
  if (!HEX_ID.test(digits) || digits.length < SHORTEST || /^0+$/.test(digits)) return undefined;
  return digits.padStart(32, '0');
}

/** The trace id in the address of a trace's page or of a query for it; `undefined` when there is none. */
export function traceIdInUrl(url: string): string | undefined {
  const id = IN_URL.exec(url)?.[1];
  return id === undefined ? undefined : parseTraceId(id);
}
