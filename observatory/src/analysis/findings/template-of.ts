// Texts without what varies in them: ids, numbers and addresses become `{…}`.

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const EMAIL = /[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}/g;
/** Sixteen and more hex digits, at least one of them a digit. */
const HEX = /\b(?=[a-f]{0,40}\d)[0-9a-f]{16,128}\b/gi;
const NUMBER = /\d+/g;

/** Texts longer than this are cut before they are looked at. */
const MAX_LENGTH = 500;

/** `text` with `{id}` for UUIDs and long hex numbers and `{email}` for addresses: what no name should ever have. */
export function withoutIds(text: string): string {
  const short = text.slice(0, MAX_LENGTH);
  if (!/\d|@/.test(short)) return short;
  return short.replace(UUID, '{id}').replace(HEX, '{id}').replace(EMAIL, '{email}');
}

/** `text` without ids, and with `{n}` for every number. */
export function templateOf(text: string): string {
  return withoutIds(text).replace(NUMBER, '{n}');
}
