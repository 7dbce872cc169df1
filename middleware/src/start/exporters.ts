// Makes the span exporters that the environment or the options ask for.

import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as OTLPProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { ConsoleSpanExporter, type SpanExporter } from '@opentelemetry/sdk-trace';
import { exporterNames, otlpProtocol, tracesUrl } from './environment.ts';
import type { StartOptions } from './types.ts';

export interface ChosenExporter {
  readonly exporter: SpanExporter;
  /** Where spans go, for the start line. */
  readonly destination: string;
  /** Set when the destination can be asked for over HTTP. */
  readonly url?: string;
}

/** The exporters to use; `undefined` when the choice is one that only the SDK itself knows (`grpc`, `zipkin`, …). */
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
  if (name !== 'otlp') return undefined;
  const url = tracesUrl(options.endpoint);
  if (otlpProtocol() === 'http/json')
    return { exporter: new OTLPTraceExporter({ url }), destination: url, url };
  if (otlpProtocol() === 'http/protobuf') {
    return { exporter: new OTLPProtobufTraceExporter({ url }), destination: url, url };
  }
  return undefined;
}
