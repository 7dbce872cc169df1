// What the OTEL_EXPORTER_OTLP_* variables say of how spans travel: headers, compression and certificates.

import { getStringFromEnv, parseKeyPairsIntoRecord } from '@opentelemetry/core';

/** Paths of PEM files, by what `node:tls` calls them. */
export interface CertificateFiles {
  readonly ca: string | undefined;
  readonly key: string | undefined;
  readonly cert: string | undefined;
}

/** Headers of every request, those for traces before those for all signals (OTLP exporter, "Configuration Options"). */
export function otlpHeaders(contentType: string): Record<string, string> {
  return {
    ...parseKeyPairsIntoRecord(getStringFromEnv('OTEL_EXPORTER_OTLP_HEADERS')),
    ...parseKeyPairsIntoRecord(getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_HEADERS')),
    'content-type': contentType,
    ...(isGzip() ? { 'content-encoding': 'gzip' } : {}),
  };
}

/** Whether bodies are compressed. */
export const isGzip = (): boolean => setting('COMPRESSION')?.trim() === 'gzip';

export function certificateFiles(): CertificateFiles {
  return {
    ca: setting('CERTIFICATE'),
    key: setting('CLIENT_KEY'),
    cert: setting('CLIENT_CERTIFICATE'),
  };
}

function setting(name: string): string | undefined {
  return (
    getStringFromEnv(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? getStringFromEnv(`OTEL_EXPORTER_OTLP_${name}`)
  );
}
