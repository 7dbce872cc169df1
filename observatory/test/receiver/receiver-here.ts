// A receiver for each test, with a store of its own.

import { afterEach, beforeEach } from '@jest/globals';
import type { Express } from 'express';
import {
  createReceiver,
  protobufCodec,
  type Receiver,
  type ReceiverOptions,
} from '../../src/receiver/index.ts';
import { TraceStore } from '../../src/store/index.ts';

export let store: TraceStore;
/** The one that was made last. */
export let receiver: Receiver;

/** The application of a new receiver. */
export function receive(options: Partial<ReceiverOptions> = {}): Express {
  receiver = createReceiver({ store, ...options });
  return receiver.app;
}

beforeEach(() => {
  store = new TraceStore({ codec: protobufCodec });
});

afterEach(() => store.close());
