// A stream of JSON text as values: one document, or one value a line, told apart by the first line.
import { groupedText } from '../trace/duration-text.ts';
import { SourceError } from './source-error.ts';

/** Most characters of a document that is not in lines: more does not fit into one string safely. */
const MAX_DOCUMENT_CHARACTERS = 256 * 1024 * 1024;

/** One JSON value of a stream and where it stood, for error messages. */
export interface JsonValueAt {
  readonly value: unknown;
  /** `line 3`, or the empty string when the whole stream is one value. */
  readonly place: string;
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

function parse(name: string, place: string, text: string): JsonValueAt {
  try {
    return { place, value: JSON.parse(text) as unknown };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const where = place === '' ? name : `${name}, ${place}`;
    if (isCutOff(error.message, text)) {
      const cut = `${where}: the JSON ends in the middle; the file is cut off, or is still being written.`;
      throw new SourceError('ERR_LONGPOLE_FILE_TRUNCATED', cut, error);
    }
    const second = secondDocumentLine(error.message, text);
    if (second !== undefined) {
      const at = place === '' ? ` in line ${second}` : '';
      const two = `${where}: a second JSON document begins${at}; write each in one line of its own, or each to its own file.`;
      throw new SourceError('ERR_LONGPOLE_FILE_FORMAT', two, error);
    }
    throw new SourceError(
      'ERR_LONGPOLE_FILE_FORMAT',
      `${where}: this is not JSON (${error.message}).`,
      error,
    );
  }
}

function tryParse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function* linesOf(
  chunks: AsyncIterable<Uint8Array | string>,
  maxCharacters: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const pieces = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      yield rest + piece;
      rest = '';
    }
    rest += last;
    if (rest.length > maxCharacters) yield rest;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

function tooLarge(name: string, maxCharacters: number): SourceError {
  const text = `${name} is one JSON document of more than ${groupedText(maxCharacters)} characters; write it as JSON lines, one export a line.`;
  return new SourceError('ERR_LONGPOLE_SOURCE_TOO_LARGE', text);
}

async function readDocument(
  name: string,
  first: string,
  lines: AsyncGenerator<string>,
  maxCharacters: number,
): Promise<JsonValueAt> {
  const pieces = [first];
  let length = first.length;
  for await (const line of lines) {
    pieces.push(line);
    length += line.length + 1;
    if (length > maxCharacters) throw tooLarge(name, maxCharacters);
  }
  return parse(name, '', pieces.join('\n'));
}

/**
 * The JSON values of a stream. A first line that is JSON on its own makes it JSON lines, read one line at a time
 * without holding the rest; anything else is one document.
 * @throws SourceError on text that is not JSON, is cut off, or is a document of more than `maxCharacters`.
 */
export async function* readJsonStream(
  name: string,
  chunks: AsyncIterable<Uint8Array | string>,
  maxCharacters: number = MAX_DOCUMENT_CHARACTERS,
): AsyncGenerator<JsonValueAt> {
  const lines = linesOf(chunks, maxCharacters);
  let number = 0;
  let isFirst = true;
  for await (const line of lines) {
    number += 1;
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.length > maxCharacters) throw tooLarge(name, maxCharacters);
    if (text.trim() === '') continue;
    const place = `line ${number}`;
    if (!isFirst) yield parse(name, place, text);
    else {
      isFirst = false;
      const parsed = tryParse(text);
      yield parsed === undefined
        ? await readDocument(name, text, lines, maxCharacters)
        : { place, value: parsed.value };
    }
  }
}
