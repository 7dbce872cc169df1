// Empties the outbox in the background: each receipt is a job in a trace of its own, linked to the request it comes from.
import { attributesOf, type Clock, type Faults, type Log } from '@longpole/demo-chassis';
import { runJob } from '@longpole/express';
import type { Job, Outbox } from './outbox.ts';
import { receiptAttributes } from './receipt-attributes.ts';
import { writeReceipt } from './write-receipt.ts';

const MAX_ATTEMPTS = 8;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

export interface Worker {
  /** Says that there is a new job. */
  wake(): void;
  /** Lets the job under way end; resolves when the worker rests for good. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Hears of each attempt that failed. */
  readonly log: Pick<Log, 'error'>;
  /** Makes the receipt's text; may throw, then the job is tried again later. */
  readonly write?: (job: Job) => string | Promise<string>;
}

export function startWorker(options: WorkerOptions): Worker {
  const { outbox, clock, faults, log } = options;
  const send = { outbox, faults, log, write: options.write ?? writeReceipt };
  const stopping = new AbortController();
  let alarm = new AbortController();

  async function rest(): Promise<void> {
    const delayMs = outbox.msUntilNextDue();
    alarm = new AbortController();
    const woken = AbortSignal.any([alarm.signal, stopping.signal]);
    if (delayMs === undefined) await untilAborted(woken);
    else await clock.sleep(delayMs, woken).catch(ignoreAbort);
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const job = outbox.nextDue();
      if (!job) await rest();
      else if (faults.has('lost-job')) outbox.lose(job);
      else await runReceiptJob(job, send);
    }
  }

  const done = work();
  return {
    wake: () => alarm.abort(),
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

type Sending = Required<Pick<WorkerOptions, 'outbox' | 'faults' | 'log' | 'write'>>;

async function runReceiptJob(job: Job, sending: Sending): Promise<void> {
  const { outbox, faults } = sending;
  const { notification, from, attempt } = job;
  const attributes = {
    ...receiptAttributes('process'),
    ...attributesOf(faults, { 'order.id': notification.orderId, 'notification.id': notification.id }),
  };
  try {
    await runJob({ name: 'process receipt', from, attributes, attempt }, () =>
      faults.makes('async') ? sendDetached(job, sending) : sendAndTell(job, sending),
    );
  } catch {
    const retryMs = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
    const isLast = attempt >= MAX_ATTEMPTS;
    if (isLast) outbox.giveUp(job);
    else outbox.postpone(job, retryMs);
  }
}

/** Says so in the log when it fails, while the job's trace is at hand. */
async function sendAndTell(job: Job, sending: Sending): Promise<void> {
  try {
    await sendReceipt(job, sending);
  } catch (error) {
    const { notification, attempt } = job;
    const line = { err: error, order_id: notification.orderId, attempt, max_attempts: MAX_ATTEMPTS };
    sending.log.error(line, 'receipt failed');
    throw error;
  }
}

async function sendReceipt(job: Job, { outbox, write }: Sending): Promise<void> {
  outbox.complete(job, await write(job));
}

/** The mistake `async`: off the queue first, then sent without anyone waiting, or hearing of an error. */
function sendDetached(job: Job, sending: Sending): void {
  sending.outbox.lose(job);
  setImmediate(() => {
    sendReceipt(job, sending).catch(() => undefined);
  });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function ignoreAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error;
}
