// Reads the one span of an OTLP JSON answer for display: attribute values as text, event times relative to the span.

/** A span as the details show it. */
export interface OtlpSpan {
  readonly attributes: readonly (readonly [string, string])[];
  readonly events: readonly {
    readonly name: string;
    /** Nanoseconds after the span's start. */
    readonly afterNs: number;
    readonly attributes: readonly (readonly [string, string])[];
  }[];
  readonly statusMessage: string;
  readonly resource: readonly (readonly [string, string])[];
  /** Name and version of the instrumentation. */
  readonly scope: string;
}

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function plain(value: unknown): unknown {
  const any = object(value);
  if ('arrayValue' in any) return list(object(any['arrayValue'])['values']).map(plain);
  if ('kvlistValue' in any) {
    const pairs = list(object(any['kvlistValue'])['values']).map((pair) => {
      const { key, value: inner } = object(pair);
      return [text(key), plain(inner)] as const;
    });
    return Object.fromEntries(pairs);
  }
  const [first] = Object.values(any);
  return first ?? null;
}

function attributesOf(owner: Json): [string, string][] {
  return list(owner['attributes']).map((one) => {
    const { key, value } = object(one);
    const shown = plain(value);
    return [text(key), typeof shown === 'object' ? JSON.stringify(shown) : String(shown)];
  });
}

function nanoseconds(value: unknown): bigint {
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : 0n;
}

/** The first span of the answer. */
export function toOtlpSpan(answer: unknown): OtlpSpan {
  const group = object(list(object(answer)['resourceSpans'])[0]);
  const scopeSpans = object(list(group['scopeSpans'])[0]);
  const span = object(list(scopeSpans['spans'])[0]);
  const scope = object(scopeSpans['scope']);
  const startNs = nanoseconds(span['startTimeUnixNano']);
  return {
    attributes: attributesOf(span),
    events: list(span['events']).map((event) => {
      const one = object(event);
      return {
        name: text(one['name']),
        afterNs: Number(nanoseconds(one['timeUnixNano']) - startNs),
        attributes: attributesOf(one),
      };
    }),
    statusMessage: text(object(span['status'])['message']),
    resource: attributesOf(object(group['resource'])),
    scope: [text(scope['name']), text(scope['version'])].filter((part) => part !== '').join(' '),
  };
}
