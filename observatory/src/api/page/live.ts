// Server-sent events: the rows of traces that spans have arrived for, a few times a second.
import type { Request, Response } from 'express';
import type { TraceStore } from '../../store/index.ts';
import { toRow } from './rows.ts';

/** How often listeners hear of news, and how often of nothing, so that proxies keep the connection. */
const NEWS_MS = 500;
const COMMENT_MS = 15_000;
/** Rows of one event; of more, the newest. */
const MAX_ROWS = 1_000;
/** Listeners at once; one more is answered with 503. */
const MAX_LISTENERS = 64;
/** Bytes that a listener who does not read may have waiting before it is left. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Tells every listener which traces have changed. A timer runs while somebody listens. */
export class LiveTraces {
  readonly #store: TraceStore;
  readonly #listeners = new Set<Response>();
  #timer: NodeJS.Timeout | undefined;
  #arrival = 0;
  #quietMs = 0;

  constructor(store: TraceStore) {
    this.#store = store;
  }

  /** Answers with an event stream: `event: traces`, whose data is a list of rows, the newest first. */
  readonly listen = (req: Request, res: Response): void => {
    if (this.#listeners.size >= MAX_LISTENERS) {
      res.status(503).type('text/plain').send(`${MAX_LISTENERS} pages listen already: close one of them.`);
      return;
    }
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    res.write('retry: 1000\n\n');
    if (this.#listeners.size === 0) this.#arrival = this.#store.newest(1)[0]?.arrival ?? 0;
    this.#listeners.add(res);
    this.#timer ??= setInterval(() => this.#tell(), NEWS_MS).unref();
    req.once('close', () => this.#leave(res));
  };

  /** Ends every stream. */
  close(): void {
    for (const res of [...this.#listeners]) {
      res.end();
      this.#leave(res);
    }
  }

  #tell(): void {
    const rows = this.#store.newest(MAX_ROWS, this.#arrival).map(toRow);
    this.#quietMs = rows.length === 0 ? this.#quietMs + NEWS_MS : 0;
    if (rows.length > 0) {
      this.#arrival = rows[0]?.arrival ?? this.#arrival;
      this.#send(`event: traces\ndata: ${JSON.stringify(rows)}\n\n`);
    } else if (this.#quietMs >= COMMENT_MS) {
      this.#quietMs = 0;
      this.#send(': still here\n\n');
    }
  }

  #send(text: string): void {
    for (const res of [...this.#listeners]) {
      if (res.writableLength <= MAX_WAITING_BYTES) res.write(text);
      else res.destroy();
    }
  }

  #leave(res: Response): void {
    this.#listeners.delete(res);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
