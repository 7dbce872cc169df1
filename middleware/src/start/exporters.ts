// Makes the span exporters that the environment or the options ask for.

import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { redactUrl } from '../http/redact-url.ts';
import { loadPackage } from '../shared/load-package.ts';
import { exporterNames, otlpProtocol, tracesUrl, zipkinUrl } from './environment.ts';
import { jsonShipping, type OtlpTarget, protobufShipping, type Shipping } from './otlp-exporter.ts';
import type { BatchExporter } from './outbox.ts';
import { SpanQueue } from './span-queue.ts';
import type { StartOptions } from './types.ts';
import { createZipkinExporter } from './zipkin-exporter.ts';

type Sdk = typeof import('@opentelemetry/sdk-trace');

export interface ChosenExporter {
  readonly shipping: Shipping;
  /** Where spans go, for the start line. */
  readonly destination: string;
  /** Set when spans are posted over HTTP. */
  readonly url?: string;
  /** Set when the destination is OTLP over HTTP. */
  readonly otlp?: OtlpTarget;
}

/** The exporters to use; `undefined` when the choice is one that only the SDK itself knows (gRPC). */
export function chooseExporters(options: StartOptions): ChosenExporter[] | undefined {
  if (options.exporter !== undefined)
    return [{ shipping: asTheyAre(options.exporter), destination: 'the given exporter' }];
  const names = exporterNames();
  if (names.includes('none')) return [];
  const chosen = names.map((name) => createExporter(name, options));
  return chosen.every((each) => each !== undefined) ? chosen : undefined;
}

function createExporter(name: string, options: StartOptions): ChosenExporter | undefined {
  if (name === 'console') {
    const { ConsoleSpanExporter } = loadPackage<Sdk>('@opentelemetry/sdk-trace');
    return { shipping: asTheyAre(new ConsoleSpanExporter()), destination: 'the console' };
  }
  if (name === 'zipkin') return createZipkin(zipkinUrl());
  if (name !== 'otlp' || otlpProtocol() === 'grpc') return undefined;
  const url = tracesUrl(options.endpoint);
  const isJson = otlpProtocol() === 'http/json';
  return {
    shipping: isJson ? jsonShipping(url) : protobufShipping(url),
    destination: redactUrl(url),
    url,
    otlp: { url, contentType: isJson ? 'application/json' : 'application/x-protobuf' },
  };
}

function createZipkin(url: string): ChosenExporter {
  const exporter = createZipkinExporter(url);
  return { shipping: asTheyAre(exporter), destination: `Zipkin at ${redactUrl(url)}`, url };
}

/** For exporters that take the spans as they are. */
function asTheyAre(exporter: BatchExporter<ReadableSpan[]>): Shipping<ReadableSpan[]> {
  return { exporter, queue: () => new SpanQueue() };
}
