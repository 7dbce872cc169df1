// Writes a span as one line of a shape.

import type { CapturedAttributeValue } from '../captured.ts';
import { printable } from '../drawing/printable.ts';
import { matchesValue } from '../matching/value.ts';
import { calledService } from '../view/calls.ts';
import { isFailed } from '../view/errors-of.ts';
import type { TraceView, ViewNode } from '../view/trace-view.ts';
import { steadyText } from './steady-text.ts';
import type { ShapeOptions } from './trace-shape.ts';

/** Attributes that the semantic conventions put on a span of HTTP, a database, the code: name, kind and outcome say the same. */
const CONVENTIONAL =
  /^(http|url|server|client|network|user_agent|error|exception|code|thread|process|host|service\.peer|peer|db|messaging|rpc|longpole)\./;

export class ShapeWriter {
  readonly #addresses: ReadonlyMap<string, string>;
  readonly #attributes: ShapeOptions['attributes'];

  constructor({ trace }: TraceView, attributes: ShapeOptions['attributes']) {
    this.#attributes = attributes;
    this.#addresses = new Map([
      [trace.traceId, '<trace>'],
      ...trace.spans.map(({ spanId }) => [spanId, '<span>'] as const),
    ]);
  }

  /** `payment SERVER POST /charges 201 { payment.amount: 42 }`. */
  line(node: ViewNode): string {
    const { span } = node;
    const called = calledService(node);
    const parts = [
      this.#steady(span.service),
      span.kind,
      this.#steady(span.name),
      called === undefined ? '' : `→ ${this.#steady(called)}`,
      this.#outcome(node),
      this.#own(node),
    ];
    return parts.filter((part) => part !== '').join(' ');
  }

  #steady(text: string): string {
    return printable(steadyText(text, this.#addresses));
  }

  #outcome({ span }: ViewNode): string {
    const status = span.attributes['http.response.status_code'];
    const type = span.attributes['error.type'];
    const words = [status, isFailed(span) ? 'ERROR' : undefined, type === String(status) ? undefined : type];
    return words.flatMap((word) => (word === undefined ? [] : this.#steady(String(word)))).join(' ');
  }

  #own({ span }: ViewNode): string {
    const entries = Object.entries(span.attributes)
      .filter(([key, value]) => value !== undefined && this.#isWanted(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${printable(key)}: ${this.#value(key, value)}`);
    return entries.length === 0 ? '' : `{ ${entries.join(', ')} }`;
  }

  #isWanted(key: string): boolean {
    const asked = this.#attributes ?? 'own';
    if (typeof asked === 'boolean') return asked;
    return asked === 'own' ? !CONVENTIONAL.test(key) : asked.some((name) => matchesValue(key, name));
  }

  #value(key: string, value: CapturedAttributeValue): string {
    if (typeof value === 'number' && /(^|\.)port$/.test(key)) return '<port>';
    if (typeof value === 'string') return `'${this.#steady(value)}'`;
    if (typeof value !== 'object') return String(value);
    return `[${value.map((item) => (typeof item === 'string' ? `'${this.#steady(item)}'` : String(item))).join(', ')}]`;
  }
}
