// Tells by the first bytes how a file is laid out.
import { KNOWN_FORMATS } from '../decode-json.ts';
import { SourceError } from '../source-error.ts';
import { isPacked } from './unpack.ts';

/** JSON text; protobuf from the first byte on; messages that each follow their length. */
export type Layout = 'json' | 'protobuf' | 'messages';

/** Bytes that are enough to tell. */
export const SNIFF_BYTES = 64;

const LINE_FEED = 0x0a;
const RESOURCE_SPANS = 0x0a;
/** Tags of the fields of ResourceSpans: resource, scope spans, schema URL, and the deprecated spans of OTLP before 0.15. */
const IN_RESOURCE_SPANS = new Set([0x0a, 0x12, 0x1a, 0xc2]);
/** Tags of the fields of a Resource: attributes, dropped attributes count, entity references. */
const IN_RESOURCE = new Set([0x0a, 0x10, 0x1a]);
const JSON_START = /^[\s\uFEFF]*[[{]/;

function varint(bytes: Buffer, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 5; i += 1) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return undefined;
}

/** Whether the bytes begin as TracesData does, checked two levels deep: a line feed before a brace begins alike. */
function isTracesData(head: Buffer): boolean {
  if (head[0] !== RESOURCE_SPANS) return false;
  const outer = varint(head, 1);
  if (outer === undefined) return false;
  const tag = head[outer.next];
  if (tag === undefined) return outer.value === 0;
  if (outer.value === 0) return tag === RESOURCE_SPANS;
  if (!IN_RESOURCE_SPANS.has(tag)) return false;
  const inner = varint(head, outer.next + 1);
  if (inner === undefined || inner.next - outer.next + inner.value > outer.value) return false;
  const field = head[inner.next];
  return tag !== 0x0a || field === undefined || inner.value === 0 || IN_RESOURCE.has(field);
}

/** Whether a message stands behind the first four bytes, which are its length (Collector's file exporter). */
function isMessages(head: Buffer): boolean {
  if (head.length < 5 || (head[0] ?? LINE_FEED) > 0x0f) return false;
  const length = head.readUInt32BE(0);
  const message = head.subarray(4, 4 + length);
  const isJson = message[0] === 0x7b && /^\{\s*("|\})/.test(message.toString('latin1'));
  return length > 0 && (isPacked(message) || isJson || isTracesData(message));
}

function isBinary(head: Buffer): boolean {
  return head.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d);
}

function refuse(name: string, what: string): SourceError {
  return new SourceError('ERR_LONGPOLE_FILE_FORMAT', `${name} ${what}; understood are ${KNOWN_FORMATS}.`);
}

function complaint(head: Buffer): string | undefined {
  const start = head.subarray(0, 4).toString('hex');
  if (/^(fffe|feff)/.test(start)) return 'is UTF-16 text; write it as UTF-8';
  if (start.startsWith('504b0304')) return 'is a zip archive; take the file out of it first';
  if (/^\s*</.test(head.toString('latin1')))
    return 'is a web page or XML, perhaps the answer of a proxy or a login page';
  if (!isBinary(head)) return undefined;
  const bytes = head
    .subarray(0, 8)
    .toString('hex')
    .replaceAll(/..(?!$)/g, '$& ');
  return `is neither text nor OTLP protobuf (it begins with the bytes ${bytes})`;
}

/**
 * The layout of what begins with `head`.
 * @throws SourceError `ERR_LONGPOLE_FILE_FORMAT` on what cannot hold traces.
 */
export function sniff(name: string, head: Buffer): Layout {
  if (isTracesData(head)) return 'protobuf';
  if (isMessages(head)) return 'messages';
  if (JSON_START.test(head.toString('utf8'))) return 'json';
  const problem = complaint(head.subarray(0, SNIFF_BYTES));
  if (problem !== undefined) throw refuse(name, problem);
  return 'json';
}
