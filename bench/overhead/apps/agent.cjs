// Answers the runner's questions from inside an application under test: processor time, memory, delay of the event loop.
'use strict';

const { createRequire } = require('node:module');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

/** The folder of a build of Longpole; unset for the other tracers. It is loaded by its name, as an application does. */
const folder = process.env.BENCH_LONGPOLE;
let longpole;
const loadLongpole = () => {
  longpole ??= createRequire(`${folder}/package.json`)('@longpole/express');
  return longpole;
};

/**
 * What an application keeps for as long as it lives: caches, pools, models. Without it V8 would still be finding the size
 * of its young generation while the first requests come, and what an axios call leaves behind would be kept through young
 * collections in some processes and not in others, for the rest of their lives.
 */
const keptObjects = Number(process.env.BENCH_KEPT ?? 300_000);
const kept = Array.from({ length: keptObjects }, (_, id) => ({ id, items: [id] }));

let cpu;
let delays;
let ticks;
let collectGarbage;

/** Watches every turn of the event loop, which it keeps turning: how long one took, and how much of it was work. */
class Ticks {
  #longestMs = 0;
  #longestWorkMs = 0;
  #isStopped = false;
  #last = performance.now();
  #lastWork = process.threadCpuUsage();

  constructor() {
    setImmediate(this.#turn);
  }

  #turn = () => {
    const now = performance.now();
    const work = process.threadCpuUsage();
    const workMs = (work.user + work.system - this.#lastWork.user - this.#lastWork.system) / 1000;
    this.#longestMs = Math.max(this.#longestMs, now - this.#last);
    this.#longestWorkMs = Math.max(this.#longestWorkMs, workMs);
    this.#last = now;
    this.#lastWork = work;
    if (!this.#isStopped) setImmediate(this.#turn);
  };

  stop() {
    this.#isStopped = true;
    return { longestMs: this.#longestMs, longestWorkMs: this.#longestWorkMs };
  }
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
    return { cpuUs: user + system, rssBytes: process.memoryUsage.rss(), delayP99Ms };
  },
  memory() {
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rssBytes: rss, keptBytes: heapUsed + external, objects: kept.length };
  },
  /** What a tracer of ours has made so far; of others, and in an SDK of somebody else, that cannot be had. */
  spansMade() {
    if (folder === undefined || process.env.BENCH_INSTRUMENTATIONS !== undefined) return {};
    const { started, unsampled } = loadLongpole().startTracing().stats();
    return { made: started - unsampled };
  },
  collectGarbage() {
    if (collectGarbage === undefined) {
      setFlagsFromString('--expose-gc');
      collectGarbage = runInNewContext('gc');
    }
    collectGarbage();
    return {};
  },
  watchTicks() {
    ticks = new Ticks();
    delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    return {};
  },
  endTicks() {
    delays.disable();
    const longestDelayMs = delays.max / 1e6;
    delays = undefined;
    return { ...ticks.stop(), longestDelayMs };
  },
};

/** Listens on a free port of the loopback address and tells the runner which, and what starting has cost. */
exports.serve = function serve(app) {
  const server = app.listen(0, '127.0.0.1', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ port: server.address().port, cpuUs: user + system });
  });
  server.keepAliveTimeout = 600_000;
  process.on('message', ({ id, ask, ...question }) => {
    process.send({ id, ...answers[ask](question) });
  });
  process.on('disconnect', () => process.exit(0));
};

/** Runs a piece of work in a span of its own, where Longpole is what is tested. */
exports.innerSpan = async function innerSpan(name, work) {
  if (folder === undefined) return work();
  return loadLongpole().withSpan(name, { 'db.system.name': 'sqlite' }, work);
};

/** The tracer under test as a middleware, where it is one: Longpole with three attributes read from the request. */
exports.mountTracer = function mountTracer(app) {
  if (folder === undefined) return;
  const { tracing } = loadLongpole();
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
