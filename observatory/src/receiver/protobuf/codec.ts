// The codec that the store reads its spans with: protobuf, as they came.
import type { SpanCodec } from '../../store/index.ts';
import { decodeSpan } from '../../wire/protobuf/decode-span.ts';
import { decodeOrigin } from './decode-origin.ts';

/** Reads spans that are kept as OTLP protobuf. */
export const protobufCodec: SpanCodec = { decodeOrigin, decodeSpan };
