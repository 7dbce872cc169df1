// Secrets on spans: passwords, tokens, keys and card numbers in attributes, events and messages.
import type { AttributeMap, AttributeValue, Resource, Span } from '../../../trace/span.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { isSecretValue, namedSecret, type SecretKind, secretIn } from '../secret-patterns.ts';
import { templateOf } from '../template-of.ts';

/** Attributes that tracers fill with words, addresses and numbers only. */
const HARMLESS_KEYS = new Set([
  'http.request.method',
  'http.route',
  'url.scheme',
  'server.address',
  'client.address',
  'network.peer.address',
  'network.protocol.version',
  'service.peer.name',
  'error.type',
  'db.system.name',
  'telemetry.sdk.language',
]);
/** Attribute names whose class is remembered; then the memory begins anew. */
const MEMORY = 5_000;
/** Of longer texts the beginning is looked at. */
const MAX_LENGTH = 8_192;

/** Where a secret is: the attribute, and its kind. */
type Tell = (key: string, kind: SecretKind) => void;
/** What the name of an attribute says: nothing to look for, look at the value, or a secret by its name. */
type KeyClass = 'skip' | 'look' | SecretKind;

function classOf(key: string): KeyClass {
  return HARMLESS_KEYS.has(key) ? 'skip' : (namedSecret(key) ?? 'look');
}

class Search {
  readonly #classes = new Map<string, KeyClass>();

  attributes(attributes: AttributeMap, prefix: string, tell: Tell): void {
    for (const key in attributes) {
      const value = attributes[key];
      if (value !== undefined) this.#value(`${prefix}${key}`, this.#classOf(key), value, tell);
    }
  }

  text(key: string, text: string, tell: Tell): void {
    const kind = secretIn(text.slice(0, MAX_LENGTH));
    if (kind !== undefined) tell(key, kind);
  }

  #classOf(key: string): KeyClass {
    const known = this.#classes.get(key);
    if (known !== undefined) return known;
    if (this.#classes.size >= MEMORY) this.#classes.clear();
    const found = classOf(key);
    this.#classes.set(key, found);
    return found;
  }

  #value(key: string, keyClass: KeyClass, value: AttributeValue, tell: Tell): void {
    if (keyClass === 'skip') return;
    if (typeof value === 'bigint' && value > 99_999_999_999n) this.text(key, String(value), tell);
    else if (typeof value === 'string') {
      if (keyClass === 'look') this.text(key, value, tell);
      else if (isSecretValue(value)) tell(key, keyClass);
    } else if (Array.isArray(value)) {
      for (const item of value as readonly AttributeValue[]) this.#value(key, keyClass, item, tell);
    } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      this.attributes(value as AttributeMap, `${key}.`, tell);
    }
  }
}

function lookAtSpan(search: Search, span: Span, tell: Tell): void {
  search.attributes(span.attributes, '', tell);
  search.text('name', span.name, tell);
  if (span.status.message !== '') search.text('status.message', span.status.message, tell);
  for (const event of span.events) search.attributes(event.attributes, `event ${event.name} `, tell);
}

export const secretInAttribute: CheckKind = {
  code: 'secret-in-attribute',
  start: () => {
    const book = new CaseBook<{ service: string; key: string; kind: SecretKind; where: string }>();
    const search = new Search();
    return {
      look: ({ tree: { traceId, nodes } }) => {
        const resources = new Set<Resource>();
        for (const { span } of nodes) {
          const { service } = span;
          const tellOf =
            (where: string): Tell =>
            (key, kind) =>
              book.add(traceId, { service, key: templateOf(key), kind, where }, { spans: [span] });
          lookAtSpan(search, span, tellOf('a span'));
          if (resources.has(span.resource)) continue;
          resources.add(span.resource);
          search.attributes(span.resource.attributes, '', tellOf('its resource'));
        }
      },
      finish: () => {
        return book.close().map((seen) => {
          const { service, key, kind, where } = seen.parties;
          const times = seen.count === 1 ? 'once' : `${seen.count} times`;
          return findingOf('secret-in-attribute', seen, {
            severity: 'error',
            sentence: `${service} has what looks like ${kind} in ${key} of ${where}, ${times}.`,
            cause: 'The value was put on the span as it came, or is part of a text or URL that was.',
            cure: `Do not record it: take it out of the attribute, or add its key to redact. Whoever can read traces can read it, so change the secret, and delete the traces.`,
            services: [service],
          });
        });
      },
    };
  },
};
