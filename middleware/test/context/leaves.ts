// What each piece of work leaves in a trace, beside the SERVER span.

export interface Leaves {
  readonly marks: number;
  /** Calls to the second service: a CLIENT span, its SERVER span and that one's mark. */
  readonly calls: number;
}

const one: Leaves = { marks: 1, calls: 0 };

export const LEAVES: Readonly<Record<string, Leaves>> = {
  await: one,
  timers: one,
  immediate: one,
  stream: one,
  emitter: one,
  shared: { marks: 2, calls: 0 },
  asyncResource: { marks: 2, calls: 0 },
  pool: { marks: 2, calls: 0 },
  fs: one,
  zlib: one,
  crypto: one,
  http: { marks: 1, calls: 1 },
  fetch: { marks: 1, calls: 1 },
  axios: { marks: 1, calls: 2 },
  body: one,
  error: { marks: 0, calls: 0 },
  left: one,
};
