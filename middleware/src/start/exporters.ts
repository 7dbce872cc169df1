// Makes the span exporters that the environment or the options ask for.

import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { ConsoleSpanExporter, type SpanExporter } from '@opentelemetry/sdk-trace';
import { redactUrl } from '../http/redact-url.ts';
import { loadPackage } from '../shared/load-package.ts';
import {
  batchLimits,
  exporterNames,
  otlpProtocol,
  otlpTimeoutMs,
  tracesUrl,
  zipkinUrl,
} from './environment.ts';
import { OneTryExporter } from './one-try-exporter.ts';
import type { StartOptions } from './types.ts';
import { createZipkinExporter } from './zipkin-exporter.ts';

type Protobuf = typeof import('@opentelemetry/exporter-trace-otlp-proto');

export interface ChosenExporter {
  readonly exporter: SpanExporter;
  /** Where spans go, for the start line. */
  readonly destination: string;
  /** Set when spans are posted over HTTP. */
  readonly url?: string;
  /** Set when the destination is OTLP over HTTP. */
  readonly otlp?: OtlpTarget;
}

export interface OtlpTarget {
  readonly url: string;
  readonly contentType: 'application/json' | 'application/x-protobuf';
}

/** The exporters to use; `undefined` when the choice is one that only the SDK itself knows (gRPC). */
export function chooseExporters(options: StartOptions): ChosenExporter[] | undefined {
  if (options.exporter !== undefined)
    return [{ exporter: options.exporter, destination: 'the given exporter' }];
  const names = exporterNames();
  if (names.includes('none')) return [];
  const chosen = names.map((name) => createExporter(name, options));
  return chosen.every((each) => each !== undefined) ? chosen : undefined;
}

function createExporter(name: string, options: StartOptions): ChosenExporter | undefined {
  if (name === 'console') return { exporter: new ConsoleSpanExporter(), destination: 'the console' };
  if (name === 'zipkin') return createZipkin(zipkinUrl());
  if (name !== 'otlp' || otlpProtocol() === 'grpc') return undefined;
  const url = tracesUrl(options.endpoint);
  const isJson = otlpProtocol() === 'http/json';
  const serializer = isJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  const Exporter = isJson
    ? OTLPTraceExporter
    : loadPackage<Protobuf>('@opentelemetry/exporter-trace-otlp-proto').OTLPTraceExporter;
  const timeoutMillis = Math.min(otlpTimeoutMs(), batchLimits(0).exportTimeoutMs);
  return {
    exporter: new OneTryExporter(
      (beforeRequest) => new Exporter({ url, headers: beforeRequest, timeoutMillis }),
      (body) => Number(serializer.deserializeResponse(body).partialSuccess?.rejectedSpans ?? 0),
    ),
    destination: redactUrl(url),
    url,
    otlp: { url, contentType: isJson ? 'application/json' : 'application/x-protobuf' },
  };
}

function createZipkin(url: string): ChosenExporter {
  return { exporter: createZipkinExporter(url), destination: `Zipkin at ${redactUrl(url)}`, url };
}
