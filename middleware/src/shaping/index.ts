// Table of contents: what one request exports is kept within bounds, without losing the count of what is left out.
export { appServiceOf, nameService } from './app-service.ts';
export { contextToPropagate, KeptSpanPropagator } from './propagate.ts';
export { revisedSpan } from './revised-span.ts';
export { withShaping } from './shaping-counts.ts';
export { DEFAULT_SPAN_BUDGET, setSpanBudget } from './span-budget.ts';
export { type ShapingOptions, SpanShaper } from './span-shaper.ts';
