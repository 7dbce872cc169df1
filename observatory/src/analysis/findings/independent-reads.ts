// Whether a call only reads, and whether all it asks with was known when the request came in.
import type { SpanNode } from '../../trace/node.ts';
import type { Span } from '../../trace/span.ts';
import { calleeOf, isCancelled, isDatabaseCall, isFailed, methodOf, textOf } from './span-facts.ts';
import { templateOf } from './template-of.ts';

/** Who may go on is asked first, on purpose. */
const GATEKEEPER = /auth|login|session|token|permission|verify|licen[cs]e|feature|flag|config|health|ready/i;
const PLACEHOLDER = /\?|\$\d|:\w|@\w|%s/;

function isRead(span: Span): boolean {
  if (!isDatabaseCall(span)) return /^(GET|HEAD)$/.test(methodOf(span));
  const operation =
    textOf(span, 'db.operation.name') || textOf(span, 'db.query.text').trimStart().slice(0, 6);
  return operation.toUpperCase() === 'SELECT';
}

/** Whether it is a call that reads, has succeeded, and does not decide whether the request may go on. */
export function isPlainRead(node: SpanNode): boolean {
  const { span } = node;
  if (span.kind !== 'CLIENT' || isFailed(span) || isCancelled(span) || !isRead(span)) return false;
  return !GATEKEEPER.test(`${span.name} ${calleeOf(node)} ${textOf(span, 'url.full')}`);
}

/** The parts of a URL that vary: path segments with ids or numbers in them, and the values of the query. */
function varyingParts(url: string): string[] {
  const [path = '', query = ''] = url.replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, '').split('?');
  const segments = path.split('/').filter((segment) => templateOf(segment) !== segment);
  const values = query.split('&').map((pair) => pair.slice(pair.indexOf('=') + 1));
  return [...segments, ...values].filter((part) => part !== '');
}

function wordsOf(url: string): Set<string> {
  return new Set(url.split(/[/?&=#]/));
}

/**
 * Whether a call can do without the answers of other calls: every part of its URL that varies was in the URL of the request
 * that it is made for. Of a query that holds only when it has no parameters: their values are not on spans.
 */
export function isIndependentOf(call: Span, request: Span): boolean {
  if (isDatabaseCall(call)) {
    const query = textOf(call, 'db.query.text');
    return query !== '' && !PLACEHOLDER.test(query);
  }
  const url = textOf(call, 'url.full') || textOf(call, 'http.url');
  if (url === '') return false;
  const known = wordsOf(`${textOf(request, 'url.path')}?${textOf(request, 'url.query')}`);
  return varyingParts(url).every((part) => known.has(part));
}
