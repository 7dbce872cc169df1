// Reads the protobuf answers of the receiver with the library's own reader.
import { BinaryReader } from '@bufbuild/protobuf/wire';

/** A `google.rpc.Status`. */
export function readStatus(body: Uint8Array): { code: number; message: string } {
  const reader = new BinaryReader(body);
  const status = { code: 0, message: '' };
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === 1) status.code = reader.int32();
    else if (field === 2) status.message = reader.string();
    else reader.skip(wire, field);
  }
  return status;
}

/** The partial success of an ExportTraceServiceResponse. */
export function readPartialSuccess(body: Uint8Array): { rejectedSpans: bigint; errorMessage: string } {
  const outer = new BinaryReader(body);
  outer.tag();
  const reader = new BinaryReader(outer.bytes());
  const partial = { rejectedSpans: 0n, errorMessage: '' };
  while (reader.pos < reader.len) {
    const [field] = reader.tag();
    if (field === 1) partial.rejectedSpans = BigInt(reader.int64());
    else partial.errorMessage = reader.string();
  }
  return partial;
}
