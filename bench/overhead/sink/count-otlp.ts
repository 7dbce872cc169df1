// Counts the spans of an OTLP request, in protobuf by the lengths alone, in JSON by reading it.

/** Numbers of the fields on the way to a span: resource_spans 1, scope_spans 2, spans 2 (OTLP 1.11, trace.proto). */
const PATH = [1, 2, 2];

export function countJson(body: string): number {
  const { resourceSpans = [] } = JSON.parse(body) as {
    resourceSpans?: { scopeSpans?: { spans?: object[] }[] }[];
  };
  const scopes = resourceSpans.flatMap(({ scopeSpans = [] }) => scopeSpans);
  return scopes.reduce((sum, { spans = [] }) => sum + spans.length, 0);
}

export function countProtobuf(body: Uint8Array): number {
  return countFields(body, 0, body.length, 0);
}

function countFields(bytes: Uint8Array, start: number, end: number, depth: number): number {
  let count = 0;
  let at = start;
  while (at < end) {
    const [tag, afterTag] = varint(bytes, at);
    const [value, afterValue] = varint(bytes, afterTag);
    const wireType = tag & 7;
    if (wireType === 2) {
      const isOnPath = tag >> 3 === PATH[depth];
      if (isOnPath && depth === PATH.length - 1) count += 1;
      else if (isOnPath) count += countFields(bytes, afterValue, afterValue + value, depth + 1);
      at = afterValue + value;
    } else at = wireType === 0 ? afterValue : afterTag + (wireType === 1 ? 8 : 4);
  }
  return count;
}

function varint(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  let factor = 1;
  let at = start;
  for (;;) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, at];
    factor *= 128;
  }
}
