// The OTLP/HTTP receiver: POST /v1/traces in protobuf or JSON, into the store.
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { AddResult, SpanRecord, Turns } from '../store/index.ts';
import { InFlight, type Share } from './in-flight.ts';
import { Intake } from './intake.ts';
import { JSON_TYPE, type OtlpFormat, PROTOBUF, sendAccepted, sendRefusal } from './otlp-answer.ts';
import { readRequest } from './protobuf/read-request.ts';
import { announcedBytes, ENCODINGS, encodingOf, readBody } from './read-body.ts';
import { readJsonRequest } from './read-json-request.ts';
import { ReceiverCounters, type ReceiverStats } from './receiver-stats.ts';
import {
  type CountedRefusal,
  fromBrowser,
  overloaded,
  tooLarge,
  toRefusal,
  unknownPath,
  unsupportedEncoding,
  unsupportedType,
  wrongMethod,
} from './refusals.ts';
import { SpanBatch } from './span-batch.ts';

/** Where the receiver puts spans: the store, as far as the receiver knows it. */
interface SpanSink {
  add(spans: readonly SpanRecord[]): AddResult;
}

export interface ReceiverOptions {
  readonly store: SpanSink;
  /** Bytes that a body may have, also after decompression. Defaults to 64 MiB, as OTLP 1.11 recommends. */
  readonly maxBodyBytes?: number;
  /** Requests that may be read at the same time; one more is answered with 503. Defaults to 128. */
  readonly maxInFlight?: number;
  /** Bytes that their bodies may have together; what goes past is answered with 503. Defaults to two of the largest. */
  readonly maxBytesInFlight?: number;
}

export interface Receiver {
  readonly app: Express;
  stats(): ReceiverStats;
}

const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024;
const DEFAULT_MAX_IN_FLIGHT = 128;

function formatOf(req: Request): OtlpFormat | undefined {
  const type = req.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  return type === PROTOBUF || type === JSON_TYPE ? type : undefined;
}

/** What is wrong with the request's head, before a byte of the body is read. */
function checkHead(req: Request, maxBodyBytes: number): CountedRefusal | undefined {
  const { origin } = req.headers;
  if (origin !== undefined) return fromBrowser(origin);
  if (formatOf(req) === undefined) return unsupportedType(req.headers['content-type']);
  const encoding = encodingOf(req);
  if (!ENCODINGS.includes(encoding)) return unsupportedEncoding(encoding);
  const isTooLarge = encoding === 'identity' && announcedBytes(req) > maxBodyBytes;
  return isTooLarge ? tooLarge(maxBodyBytes) : undefined;
}

async function readBatch(body: Buffer, format: OtlpFormat, turns: Turns): Promise<SpanBatch> {
  const batch = new SpanBatch();
  if (format === JSON_TYPE) {
    readJsonRequest(body, batch);
    return batch;
  }
  const steps = readRequest(body, batch);
  while (!steps.next().done) await turns.breathe();
  return batch;
}

class TraceEndpoint {
  readonly counters: ReceiverCounters = new ReceiverCounters();
  readonly #store: SpanSink;
  readonly #maxBodyBytes: number;
  readonly #inFlight: InFlight;
  readonly #intake = new Intake();

  constructor(options: Required<ReceiverOptions>) {
    this.#store = options.store;
    this.#maxBodyBytes = options.maxBodyBytes;
    this.#inFlight = new InFlight(options.maxInFlight, options.maxBytesInFlight);
  }

  post = async (req: Request, res: Response): Promise<void> => {
    const refusal = checkHead(req, this.#maxBodyBytes);
    const share = refusal === undefined ? this.#inFlight.enter(announcedBytes(req)) : undefined;
    if (share === undefined) this.refuse(req, res, refusal ?? overloaded(this.#inFlight));
    else await this.#takeIn(req, res, share).finally(share.release);
  };

  async #takeIn(req: Request, res: Response, share: Share): Promise<void> {
    const body = await readBody(req, this.#maxBodyBytes, share);
    const format = formatOf(req) ?? PROTOBUF;
    await this.#intake.run(async (turns) => this.#keep(res, format, await readBatch(body, format, turns)));
  }

  #keep(res: Response, format: OtlpFormat, batch: SpanBatch): void {
    const { traceTooLarge } = this.#store.add(batch.spans);
    let rejected = traceTooLarge;
    for (const [cause, count] of batch.rejected) {
      this.counters.reject(cause, count);
      rejected += count;
    }
    this.counters.reject('traceTooLarge', traceTooLarge);
    const total = rejected - traceTooLarge + batch.spans.length;
    this.counters.accept(total);
    const full = `${traceTooLarge} × the trace has as many spans or bytes as one trace may have`;
    const problems = [...batch.problems, ...(traceTooLarge > 0 ? [full] : [])];
    sendAccepted(res, format, rejected, `${rejected} of ${total} spans rejected: ${problems.join('; ')}`);
  }

  fail = (error: unknown, req: Request, res: Response, next: NextFunction): void => {
    if (res.headersSent) next(error);
    else this.refuse(req, res, toRefusal(error, this.#maxBodyBytes, this.#inFlight));
  };

  refuse(req: Request, res: Response, refusal: CountedRefusal): void {
    this.counters.refuse(refusal.cause);
    sendRefusal(res, formatOf(req) ?? JSON_TYPE, refusal);
  }
}

/** Builds the receiver; nothing listens yet. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { store, maxInFlight = DEFAULT_MAX_IN_FLIGHT } = options;
  const { maxBodyBytes: largest = DEFAULT_MAX_BODY_BYTES, maxBytesInFlight = 2 * largest } = options;
  // What could never find room is told so, and not to try again.
  const maxBodyBytes = Math.min(largest, maxBytesInFlight);
  const endpoint = new TraceEndpoint({ store, maxBodyBytes, maxInFlight, maxBytesInFlight });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  app.post('/v1/traces', endpoint.post);
  app.all('/v1/traces', (req, res) => endpoint.refuse(req, res, wrongMethod(req.method)));
  app.use((req, res) => endpoint.refuse(req, res, unknownPath(req.path)));
  app.use(endpoint.fail);
  return { app, stats: () => endpoint.counters.read() };
}
