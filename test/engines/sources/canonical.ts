// Jaeger's answers with everything in an order of its own, so that two backends' can be compared.

type Json = Readonly<Record<string, unknown>>;

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** Sorted by their JSON: for lists whose order means nothing. */
function sorted(values: readonly unknown[]): unknown[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Without what docs/backend.md lists as different: flags of spans, and Jaeger's own warnings. */
function legacySpan({ flags, warnings, ...span }: Json, processes: Json): Json {
  const process = processes[String(span['processID'])] as Json;
  return {
    ...span,
    processID: { ...process, tags: sorted(list(process['tags'])) },
    tags: sorted(list(span['tags'])),
    references: sorted(list(span['references'])),
    logs: sorted(list(span['logs']).map((log) => ({ ...log, fields: sorted(list(log['fields'])) }))),
  };
}

function isTrace(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && 'spans' in value && 'processes' in value;
}

/** An answer of `/api`: traces by id, spans by id, tags by name; processes instead of their numbers. */
export function canonicalLegacy(answer: Json): Json {
  const data = answer['data'];
  if (!Array.isArray(data)) return answer;
  const plain = data.map((one: unknown) => {
    if (!isTrace(one)) return one;
    const spans = list(one['spans']).map((span) => legacySpan(span, one['processes'] as Json));
    return { traceID: one['traceID'], ...one, processes: null, spans: sorted(spans) };
  });
  return { ...answer, data: sorted(plain) };
}

function withSortedAttributes(owner: Json): Json {
  const own = list(owner['attributes']).filter(({ key }) => key !== '@jaeger@warnings');
  return { ...owner, attributes: sorted(own) };
}

/** An answer of `/api/v3` with traces: each span with its resource and scope. */
export function canonicalV3(answer: Json): unknown {
  const result = answer['result'] as Json | undefined;
  if (result === undefined) {
    const lists = Object.entries(answer).map(([key, value]) => [
      key,
      Array.isArray(value) ? sorted(value) : value,
    ]);
    return Object.fromEntries(lists) as unknown;
  }
  return sorted(
    list(result['resourceSpans']).flatMap(({ resource, scopeSpans, ...ofResource }) =>
      list(scopeSpans).flatMap(({ scope, spans, ...ofScope }) =>
        list(spans).map((span) => ({
          spanId: span['spanId'],
          ...withSortedAttributes(span),
          events: list(span['events']).map(withSortedAttributes),
          links: list(span['links']).map(withSortedAttributes),
          resource: withSortedAttributes(resource as Json),
          scope,
          ofResource,
          ofScope,
        })),
      ),
    ),
  );
}
