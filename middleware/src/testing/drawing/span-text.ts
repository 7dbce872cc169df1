// A span in the words of its row: its name, whom it called, how it ended, how long it took.

import type { CapturedSpan } from '../captured.ts';
import { calledService } from '../view/calls.ts';
import { isFailed } from '../view/errors-of.ts';
import { msBetween, type ViewNode } from '../view/trace-view.ts';
import { printable } from './printable.ts';

/** `payment POST /charges`, for sentences. */
export function spanText({ service, name }: CapturedSpan): string {
  return printable(`${service} ${name}`);
}

/** The name, and of a call the service it went to: `POST → payment`. */
export function nameText(node: ViewNode): string {
  const called = calledService(node);
  return printable(called === undefined ? node.span.name : `${node.span.name} → ${called}`);
}

/** The HTTP status, and `✗` on a span that failed. */
export function outcomeText(span: CapturedSpan): string {
  const status = span.attributes['http.response.status_code'];
  return [status === undefined ? '' : String(status), isFailed(span) ? '✗' : '']
    .filter((part) => part !== '')
    .join(' ');
}

/** `2500 ms`, `3.4 ms`; `open` for a span that has not ended. */
export function durationText({ startNs, endNs }: CapturedSpan): string {
  return endNs === undefined ? 'open' : msText(msBetween(startNs, endNs));
}

export function msText(ms: number): string {
  return `${Math.abs(ms) >= 10 ? Math.round(ms) : Math.round(ms * 10) / 10} ms`;
}
