// Answers of the receiver: what OTLP/HTTP wants, in the format of the request.
import type { ServerResponse } from 'node:http';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export const PROTOBUF = 'application/x-protobuf';
export const JSON_TYPE = 'application/json';

/** The two formats of OTLP/HTTP. */
export type OtlpFormat = typeof PROTOBUF | typeof JSON_TYPE;

/** Codes of `google.rpc.Status` by HTTP status. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  403: 7,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  500: 13,
  503: 14,
};
const UNKNOWN = 2;

// `Content-Type` must be exactly the request's: some exporters don't recognise it with a charset.
function send(res: ServerResponse, status: number, format: OtlpFormat, body: Uint8Array | string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', format);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

/** A request that was refused as a whole. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers with a `google.rpc.Status` (OTLP 1.11, "Failures"). */
export function sendRefusal(res: ServerResponse, format: OtlpFormat, refusal: Refusal): void {
  const { status, message, headers = {} } = refusal;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  const code = RPC_CODES[status] ?? UNKNOWN;
  if (format === JSON_TYPE) {
    send(res, status, format, JSON.stringify({ code, message }));
    return;
  }
  const writer = new BinaryWriter().tag(1, WireType.Varint).int32(code);
  send(res, status, format, writer.tag(2, WireType.LengthDelimited).string(message.toWellFormed()).finish());
}

/** Answers with an ExportTraceServiceResponse; `rejected` spans make it a partial success. */
export function sendAccepted(
  res: ServerResponse,
  format: OtlpFormat,
  rejected: number,
  message: string,
): void {
  if (format === JSON_TYPE) {
    const partialSuccess = { rejectedSpans: String(rejected), errorMessage: message };
    send(res, 200, format, JSON.stringify(rejected === 0 ? {} : { partialSuccess }));
    return;
  }
  const writer = new BinaryWriter();
  if (rejected > 0) {
    writer.tag(1, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.Varint).int64(rejected);
    writer.tag(2, WireType.LengthDelimited).string(message).join();
  }
  send(res, 200, format, writer.finish());
}
