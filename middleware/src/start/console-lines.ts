// The few lines that tracing says to the person at the console.

import { reportFault } from '../shared/guard.ts';
import { exporterNames, OLDEST_NODE, otlpProtocol } from './environment.ts';
import { isNobodyThere } from './export-outcome.ts';

export type Log = (line: string) => void;

export const toStandardError: Log = (line) => {
  process.stderr.write(`${line}\n`);
};

/** A log that never throws into the application. */
export function safely(log: Log): Log {
  return (line) => {
    try {
      log(line);
    } catch (error) {
      reportFault('the log option', error);
    }
  };
}

export interface StartLine {
  /** `undefined` when nobody named the service. */
  readonly service: string | undefined;
  readonly how: 'listen' | 'stock';
  readonly destination: string;
  /** Head sampler; `undefined` when everything is kept. */
  readonly sampler: string | undefined;
}

export function startLine({ service, how, destination, sampler }: StartLine): string {
  const who = service ?? 'a service without a name (set OTEL_SERVICE_NAME)';
  const what =
    how === 'listen'
      ? 'by listening to http, fetch and Express'
      : 'with OpenTelemetry’s patches of http, fetch and Express';
  return `longpole: tracing ${who} ${what}${sampler === undefined ? '' : `, sampler ${sampler}`} → ${destination}`;
}

/** Where spans go, in words; `undefined` when the SDK makes the exporters itself. */
export function destinationOf(destinations: readonly string[] | undefined): string {
  if (destinations !== undefined)
    return destinations.length === 0 ? 'nowhere (OTEL_TRACES_EXPORTER=none)' : destinations.join(', ');
  const names = exporterNames().map((name) => (name === 'otlp' ? `OTLP by ${otlpProtocol()}` : name));
  return names.join(', ');
}

export const disabledLine = 'longpole: tracing is off (OTEL_SDK_DISABLED=true)';

export const complaintLine = (complaint: string): string => `longpole: ${complaint}`;

export const oldNodeLine = (version: string): string =>
  `longpole: not tracing, this is Node ${version} and ${OLDEST_NODE.join('.')} or newer is needed`;

export const otherTracerLine = (name: string, consequence: string): string =>
  `longpole: ${name} is already installed in this process; ${consequence}`;

export const failedStartLine = (error: unknown): string =>
  `longpole: not tracing, starting failed: ${error instanceof Error ? error.message : String(error)}`;

export const unreachableLine = (destination: string, cause: string): string =>
  `longpole: cannot send traces to ${destination} (${cause}); ${isGrpcPort(destination) && !isNobodyThere(cause) ? GRPC_HINT : 'is the backend running?'} Spans are kept while there is room`;

/** Something answers at the address before it was asked, as servers of HTTP/2 do. */
export const http2Line = (destination: string): string =>
  `longpole: ${destination} speaks HTTP/2 and not HTTP/1.1; ${GRPC_HINT}`;

const GRPC_HINT =
  'is it the port of OTLP over gRPC (4317)? OTLP over HTTP has 4318; OTEL_EXPORTER_OTLP_PROTOCOL=grpc speaks gRPC.';

const isGrpcPort = (destination: string): boolean => URL.parse(destination)?.port === '4317';

export const lostLine = (count: number, destination: string): string =>
  `longpole: ${count === 1 ? '1 span was' : `${count} spans were`} lost at the end of the process: ${destination} did not take ${count === 1 ? 'it' : 'them'} in time`;

export const refusedLine = (destination: string, cause: string): string =>
  `longpole: ${destination} refuses traces (${cause}); ${HINTS[cause] ?? 'what it refuses is lost'}`;

const HINTS: Readonly<Record<string, string>> = {
  http_401: 'check OTEL_EXPORTER_OTLP_HEADERS',
  http_403: 'check OTEL_EXPORTER_OTLP_HEADERS',
  http_404: 'check the path of the endpoint',
  http_405: 'check the path of the endpoint',
  http_415: 'check OTEL_EXPORTER_OTLP_PROTOCOL',
  HPE_INVALID_CONSTANT: GRPC_HINT,
};
