// Table of contents of @longpole/express/logging.

export { type LogMixin, type TraceFields, traceFields, traceMixin } from './logging/trace-mixin.ts';
