// The receiver's table of contents.

// The form in which the store keeps them
export { protobufCodec } from './protobuf/codec.ts';
// Spans in, over HTTP
export { createReceiver, type Receiver, type ReceiverOptions, type SpanSink } from './receiver-app.ts';
export type { ReceiverStats, RefusedRequest, RejectedSpan } from './receiver-stats.ts';
