// What all spans have in common that one request, message or job sets off in this process.

import { type SpanContext, SpanKind } from '@opentelemetry/api';
import type { LateCarrier } from './held.ts';
import type { SpanHolder } from './span-node.ts';

export class LocalRoot {
  readonly holder: SpanHolder;
  /** Of the local root span: the one without a parent in this process. */
  readonly context: SpanContext;
  readonly isServer: boolean;
  /** Most spans to export, `Infinity` for no limit. */
  budget: number;
  /** Spans that are kept so far, this one included. */
  used = 1;
  hasEnded = false;
  /** `service.name` of the application, where that is not the one of the process. */
  service: string | undefined = undefined;
  /** Held to take the counts of what is dropped when no span is open any more that could. */
  carrier: LateCarrier | undefined = undefined;

  constructor(holder: SpanHolder, context: SpanContext, kind: SpanKind, budget: number) {
    this.holder = holder;
    this.context = context;
    this.isServer = kind === SpanKind.SERVER;
    this.budget = budget;
  }
}
