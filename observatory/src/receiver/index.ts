// The receiver's table of contents.

// The form in which the store keeps them
export { protobufCodec } from './protobuf/codec.ts';
// Spans in, over HTTP
export { createReceiver, type Receiver, type ReceiverOptions } from './receiver-app.ts';
export type { ReceiverStats } from './receiver-stats.ts';
