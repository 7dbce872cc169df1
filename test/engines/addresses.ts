// Where docker-compose.yml publishes what the engine test talks to; the variables are the file's own.

const port = (variable: string, fallback: number): string => process.env[variable] ?? String(fallback);

/** The demo's edge. */
export const GATEWAY = `http://127.0.0.1:${port('GATEWAY_PORT', 8080)}`;

/** Jaeger's query API and UI. */
export const JAEGER = `http://127.0.0.1:${port('JAEGER_PORT', 16686)}`;

/** The Collector's OTLP/HTTP receiver. */
export const COLLECTOR = `http://127.0.0.1:${port('OTLP_PORT', 4318)}`;
