// Replaces in a text what differs from run to run: ids, times, ports, addresses of this machine.

/** In this order: an id is not to be taken for a number, nor a time for an address. */
const UNSTEADY: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])([0-9a-f]{16,})\b/gi, '<hex>'],
  [/\b\d{13,19}\b/g, '<number>'],
  [
    /(\[::1\]|\[::ffff:127\.0\.0\.1\]|\b127\.\d+\.\d+\.\d+|\blocalhost|\b0\.0\.0\.0):\d{1,5}\b/g,
    '<host>:<port>',
  ],
  [/(?<![\w.])(::ffff:)?127\.\d+\.\d+\.\d+\b|(?<![\w:])::1(?![\w:])/g, '<host>'],
  [/(:\/\/[^\s/:]+):\d{4,5}\b/g, '$1:<port>'],
];

/** `known` are texts of this trace, with what stands for each. */
export function steadyText(text: string, known: ReadonlyMap<string, string>): string {
  const ids = text.replace(/\b([0-9a-f]{32}|[0-9a-f]{16})\b/g, (id) => known.get(id) ?? id);
  return UNSTEADY.reduce((steady, [pattern, name]) => steady.replace(pattern, name), ids);
}
