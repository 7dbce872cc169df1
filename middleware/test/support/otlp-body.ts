// Reads the body of an OTLP request, JSON or protobuf, as OTLP/JSON.

import { spansToOtlpJson } from '../../../observatory/src/wire/otlp-json.ts';
import { spansFromProtobuf } from '../../../observatory/src/wire/protobuf/spans-from-protobuf.ts';

/** What `JSON.parse` makes of an ExportTraceServiceRequest. */
export function otlpJsonOf(body: Buffer, contentType: string | undefined): unknown {
  return contentType === 'application/x-protobuf'
    ? spansToOtlpJson(spansFromProtobuf(body).spans)
    : JSON.parse(body.toString());
}
