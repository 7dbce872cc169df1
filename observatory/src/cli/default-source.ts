// Where traces are read from when nothing else is said.

/** The embedded backend, and a Jaeger, on this machine. */
export const DEFAULT_SOURCE = 'http://127.0.0.1:16686';
