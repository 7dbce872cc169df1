// Uses everything that the package exports, for the type checker alone.

import {
  annotate,
  type CarriedContext,
  type ClientOptions,
  type CurrentTrace,
  carryContext,
  createClient,
  currentTrace,
  ExpressChannelInstrumentation,
  HEALTH_CHECKS,
  type HttpChannelConfig,
  HttpChannelInstrumentation,
  type IgnoreRule,
  type JobOptions,
  LongpoleError,
  type LongpoleErrorCode,
  runJob,
  type StartOptions,
  startTracing,
  type TracingHandle,
  type TracingOptions,
  type TracingStats,
  tracing,
  tracingErrors,
  type WithSpanOptions,
  withSpan,
} from '@longpole/express';
import '@longpole/express/register';
import express, { type Request } from 'express';

const start: StartOptions = {
  service: 'orders',
  instrumentation: 'listen',
  ignore: [...HEALTH_CHECKS, /^\/x/],
};
const handle: TracingHandle = startTracing(start);
const stats: TracingStats = handle.stats();
const dropped: number = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);

const options: TracingOptions<Request> = {
  service: 'orders',
  attributes: { 'order.id': (request) => String(request.params['id']) },
  ignore: ['/healthz', (request) => request.method === 'OPTIONS'],
};
const app = express();
app.use(tracing({ service: 'orders' }));
app.use(tracing<Request>(options));
type Authenticated = Request & { user?: { id: string } };
app.use(
  tracing<Authenticated>({
    attributes: { 'user.id': (req) => req.user?.id, 'order.id': (req) => req.get('x-order') },
  }),
);
app.get('/orders/:id', async (request, response) => {
  const total: number = await withSpan('price order', { 'order.id': request.params.id }, async () => 42);
  const kind: WithSpanOptions = { kind: 'PRODUCER' };
  const carried: CarriedContext = withSpan('enqueue', {}, () => carryContext(), kind);
  const job: JobOptions = { name: 'send receipt', from: carried, attempt: 1 };
  await runJob(job, async (span) => span.setAttribute('mail.to', 'x'));
  annotate({ 'order.total': total });
  const current: CurrentTrace | undefined = currentTrace();
  response.json({ total, dropped, traceId: current?.traceId });
});
app.use(tracingErrors());

const clientOptions: ClientOptions = { service: 'stock', baseURL: 'http://localhost', timeoutMs: 500 };
void createClient(clientOptions)
  .get<{ count: number }>('/items')
  .then(({ data }) => data.count);

const config: HttpChannelConfig = { ignore: ['/x'] satisfies IgnoreRule[] };
export const instrumentations = [new HttpChannelInstrumentation(config), new ExpressChannelInstrumentation()];
export const code = (error: unknown): LongpoleErrorCode | undefined =>
  error instanceof LongpoleError ? error.code : undefined;

// @ts-expect-error a misspelt option is an error of types too
startTracing({ servcie: 'x' });
