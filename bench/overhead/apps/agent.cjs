// Answers the runner's questions from inside an application under test: processor time, memory, delay of the event loop.
'use strict';

const { monitorEventLoopDelay } = require('node:perf_hooks');

/** The package or folder of Longpole to load; unset for the other tracers. */
const longpole = process.env.BENCH_LONGPOLE;

let cpu;
let delays;

/** What a tracer of ours has made and sent so far; of others that cannot be had. */
function spansMade() {
  if (longpole === undefined) return undefined;
  const { started, unsampled } = require(longpole).startTracing().stats();
  return { started, unsampled };
}

const answers = {
  begin({ watchDelays }) {
    if (watchDelays) {
      delays = monitorEventLoopDelay({ resolution: 1 });
      delays.enable();
    }
    cpu = process.cpuUsage();
    return {};
  },
  end() {
    const { user, system } = process.cpuUsage(cpu);
    delays?.disable();
    const delayP99Ms = delays === undefined ? undefined : delays.percentile(99) / 1e6;
    delays = undefined;
    return {
      cpuUs: user + system,
      rssBytes: process.memoryUsage.rss(),
      delayP99Ms,
      spans: spansMade(),
    };
  },
};

/** Listens on a free port of the loopback address and tells the runner which. */
exports.serve = function serve(app) {
  const server = app.listen(0, '127.0.0.1', () => {
    process.send?.({ port: server.address().port });
  });
  server.keepAliveTimeout = 600_000;
  process.on('message', ({ id, ask, ...question }) => {
    process.send({ id, ...answers[ask](question) });
  });
  process.on('disconnect', () => process.exit(0));
};

/** The tracer under test as a middleware, where it is one: Longpole with three attributes read from the request. */
exports.mountTracer = function mountTracer(app) {
  if (longpole === undefined) return;
  const { tracing } = require(longpole);
  app.use(
    tracing({
      service: process.env.OTEL_SERVICE_NAME,
      attributes: {
        'user.id': (request) => request.headers['x-user-id'],
        'order.id': (request) => request.headers['x-order-id'],
        'cart.items': (request) => Number(request.headers['x-cart-items']),
      },
    }),
  );
};
