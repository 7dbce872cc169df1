// The backend: store, receiver and query API in one process.
import { createApi } from '../api/index.ts';
import { createReceiver, protobufCodec } from '../receiver/index.ts';
import { TraceStore } from '../store/index.ts';
import { type BackendOptions, type ParsedOptions, parseOptions } from './backend-options.ts';
import { type BackendStats, toBackendStats } from './backend-stats.ts';
import { type Listener, listen } from './listen.ts';

/** A backend that runs. */
export interface Backend {
  /** Where the page and the query API are. */
  readonly uiUrl: string;
  /** Where OTLP/HTTP is; traces go to `/v1/traces` below it. */
  readonly otlpUrl: string;
  stats(): BackendStats;
  /** Stops accepting, answers what is in progress, ends all connections and closes the store. Idempotent. */
  close(): Promise<void>;
}

const UI_PORT = { variable: 'LONGPOLE_UI_PORT', flag: '--ui-port' };
const OTLP_PORT = { variable: 'LONGPOLE_OTLP_PORT', flag: '--otlp-port' };

/** Milliseconds that requests in progress may take after {@link Backend.close}. */
const CLOSE_GRACE_MS = 2_000;

function openStore({ db, maxTraces, maxBytes, maxSpansPerTrace }: ParsedOptions): TraceStore {
  return new TraceStore({
    codec: protobufCodec,
    ...(db !== undefined && { file: db }),
    ...(maxTraces !== undefined && { maxTraces }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(maxSpansPerTrace !== undefined && { maxSpansPerTrace }),
  });
}

async function start(store: TraceStore, options: ParsedOptions): Promise<Backend> {
  const { host, uiPort, otlpPort, allowedHosts, clock, maxBodyBytes, pageFolder, demoUrl } = options;
  const atStart = store.stats();
  const receiver = createReceiver({ store, ...(maxBodyBytes !== undefined && { maxBodyBytes }) });
  const stats = (): BackendStats => toBackendStats(receiver.stats(), store.stats(), atStart);
  const otlp: Listener = await listen(receiver.app, host, otlpPort, OTLP_PORT);
  const api = createApi({
    store,
    stats,
    otlpUrl: () => otlp.url,
    allowedHosts: [host, ...allowedHosts],
    clock,
    ...(pageFolder !== undefined && { pageFolder }),
    ...(demoUrl !== undefined && { demoUrl }),
  });
  const ui = await listen(api.app, host, uiPort, UI_PORT).catch(async (error: unknown) => {
    await otlp.close(0);
    throw error;
  });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    api.close();
    await Promise.all([otlp.close(CLOSE_GRACE_MS), ui.close(CLOSE_GRACE_MS)]);
    store.close();
  };
  return { uiUrl: ui.url, otlpUrl: otlp.url, stats, close: () => (closing ??= close()) };
}

/**
 * Starts the backend and resolves once both ports listen.
 * @throws BackendError on options that make no sense and on ports that cannot be had, StoreError on a file that
 * cannot be used; nothing is left open then.
 */
export async function startBackend(options: BackendOptions = {}): Promise<Backend> {
  const parsed = parseOptions(options);
  const store = openStore(parsed);
  try {
    return await start(store, parsed);
  } catch (error) {
    store.close();
    throw error;
  }
}
