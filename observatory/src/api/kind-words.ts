// Kinds of spans in Jaeger's words.

const WORDS: readonly string[] = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

/** The word for a kind's number in OTLP; empty where the sender left it out. */
export function kindWord(kind: number): string {
  return WORDS[kind] ?? '';
}
