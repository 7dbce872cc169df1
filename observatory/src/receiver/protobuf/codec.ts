// The codec that the store reads its spans with: protobuf, as they came.
import type { SpanCodec } from '../../store/index.ts';
import { decodeOrigin } from './decode-origin.ts';
import { decodeSpan } from './decode-span.ts';

/** Reads spans that are kept as OTLP protobuf. */
export const protobufCodec: SpanCodec = { decodeOrigin, decodeSpan };
