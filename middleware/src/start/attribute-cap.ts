// Keeps texts at a length that a backend takes on spans of the SDK, which have no room for a mark.

import type { Attributes } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { cut, MAX_ATTRIBUTE_LENGTH } from '../recording/text-limit.ts';

/**
 * Cuts every text on a span as it ends: its attributes, those of its events (messages and stack traces of exceptions)
 * and links, each text of an array, its name and the message of its status. What is cut ends with
 * `…[cut, 10240 characters]`, where the number is the length it had, and is as long as the limit.
 */
export class AttributeCap implements SpanProcessor {
  readonly #limit: number;

  constructor(limit: number = MAX_ATTRIBUTE_LENGTH) {
    this.#limit = limit;
  }

  onStart(): void {}

  onEnding(span: Span): void {
    const { status, name } = span;
    capAttributes(span.attributes, this.#limit);
    for (const event of span.events) capAttributes(event.attributes, this.#limit);
    for (const link of span.links) capAttributes(link.attributes, this.#limit);
    if (name.length > this.#limit) span.updateName(cut(name, this.#limit));
    if (status.message !== undefined && status.message.length > this.#limit)
      span.setStatus({ code: status.code, message: cut(status.message, this.#limit) });
  }

  onEnd(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

function capAttributes(attributes: Attributes | undefined, limit: number): void {
  for (const key in attributes) {
    const value = attributes[key];
    if (typeof value === 'string') {
      if (value.length > limit) attributes[key] = cut(value, limit);
    } else if (Array.isArray(value) && value.some((item) => isTooLong(item, limit))) {
      const items: unknown[] = value;
      attributes[key] = items.map((item) => (isTooLong(item, limit) ? cut(item, limit) : item)) as string[];
    }
  }
}

function isTooLong(item: unknown, limit: number): item is string {
  return typeof item === 'string' && item.length > limit;
}
