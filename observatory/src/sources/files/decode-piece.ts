// One piece of a file -> its spans, with everything that can be wrong about it as one sentence.
import { ProtobufError } from '../../wire/protobuf/message-reader.ts';
import { spansFromProtobuf, spansFromResourceSpans } from '../../wire/protobuf/spans-from-protobuf.ts';
import { WireError } from '../../wire/wire-error.ts';
import { type DecodedJson, decodeJson, KNOWN_FORMATS } from '../decode-json.ts';
import { SourceError } from '../source-error.ts';
import { cutOff, type Piece, placeOf } from './piece.ts';
import { unpackMessage } from './unpack.ts';

const [BRACE, BRACKET] = [0x7b, 0x5b];
const BYTE_ORDER_MARK = '\uFEFF';
const PROTOBUF = 'OTLP protobuf';

function wrong(text: string, cause?: unknown): SourceError {
  return new SourceError('ERR_LONGPOLE_FILE_FORMAT', text, cause);
}

/** Whether parsing stopped because the text was over. */
function isCutOff(message: string, text: string): boolean {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined && Number(position) >= text.trimEnd().length) return true;
  return /unexpected end|unterminated/i.test(message);
}

/** The line at which a second document begins, when text is one whole document and then another one. */
function secondDocumentLine(message: string, text: string): number | undefined {
  const position = /after JSON at position (\d+)/.exec(message)?.[1];
  if (position === undefined || !/^\s*[[{]/.test(text)) return undefined;
  const at = Number(position);
  return /[[{]/.test(text.charAt(at)) ? text.slice(0, at).split('\n').length : undefined;
}

function syntaxError(error: SyntaxError, text: string, place: string, isWhole: boolean): SourceError {
  if (isCutOff(error.message, text)) return cutOff(place, 'JSON', error);
  const second = secondDocumentLine(error.message, text);
  if (second === undefined) return wrong(`${place}: this is not JSON (${error.message}).`, error);
  const at = isWhole ? ` in line ${second}` : '';
  const two = `a second JSON document begins${at}; write each in one line of its own, or each to its own file`;
  return wrong(`${place}: ${two}.`, error);
}

function parse(text: string, name: string, piece: Piece): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw syntaxError(error, text, placeOf(name, piece), piece.at === 0);
  }
}

function decodeText(bytes: Buffer, name: string, piece: Piece): DecodedJson {
  const text = bytes.toString('utf8');
  const json = parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, name, piece);
  const decoded = decodeJson(json);
  if (decoded !== undefined) return decoded;
  throw wrong(
    `${placeOf(name, piece)}: this JSON is not a format of traces; understood are ${KNOWN_FORMATS}.`,
  );
}

function isText(bytes: Buffer): boolean {
  const first = bytes[0];
  return first === BRACE || first === BRACKET;
}

/**
 * The spans of a piece.
 * @throws SourceError that names the place.
 */
export function decodePiece(name: string, piece: Piece): DecodedJson {
  try {
    if (piece.content === 'resource spans')
      return { format: PROTOBUF, ...spansFromResourceSpans(piece.bytes) };
    if (piece.unit === 'line') return decodeText(piece.bytes, name, piece);
    const bytes = unpackMessage(name, piece);
    if (isText(bytes)) return decodeText(bytes, name, piece);
    return { format: PROTOBUF, ...spansFromProtobuf(bytes) };
  } catch (error) {
    if (!(error instanceof WireError) && !(error instanceof ProtobufError)) throw error;
    throw wrong(`${placeOf(name, piece)}: ${error.message}.`, error);
  }
}
