// What is proved: each fault and mistake of the demo, and what Longpole has to say when it is switched on.

export interface Operation {
  readonly service: string;
  /** Span name. */
  readonly operation: string;
}

export interface Row {
  /** As the table shows it. */
  readonly name: string;
  /** What is switched on, by service, in the fields of /faults. */
  readonly faults: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Status of every checkout. Defaults to 201. */
  readonly status?: number;
  /** What holds the checkout up; null where too few traces are kept to ask. */
  readonly bottleneck: Operation | null;
  /** The finding of the doctor, and a service that it must name; undefined for none at all. */
  readonly finding?: { readonly code: string; readonly service: string };
  /** Checkouts that run side by side. Defaults to all of them. */
  readonly atOnce?: number;
  /** Pause before the second half of the checkouts, in milliseconds. Defaults to none. */
  readonly pauseMs?: number;
}

const PAYMENT: Operation = { service: 'payment', operation: 'authorize with acquirer' };
const NOTIFY: Operation = { service: 'notify', operation: 'POST /notifications' };
const EVERY_SERVICE = ['gateway', 'auth', 'inventory', 'payment', 'notify'];

/** Above payment's 2 500 ms, and below the deadline of 5 000 ms that the gateway sets each call. */
const SLOW_MS = 4_000;
/** A job counts as lost when it has not begun after this. */
const LOST_AFTER_MS = 10_000;

const everywhere = (faults: Readonly<Record<string, unknown>>): Row['faults'] =>
  Object.fromEntries(EVERY_SERVICE.map((service) => [service, faults]));

function slow(service: string, operation: string): Row {
  const faults = { [service]: { latencyMs: SLOW_MS } };
  return { name: `${service} latency=${SLOW_MS}`, faults, bottleneck: { service, operation } };
}

function mistake(service: string, name: string, code: string): Row {
  const faults = { [service]: { mistake: name } };
  return { name: `${service} mistake=${name}`, faults, bottleneck: PAYMENT, finding: { code, service } };
}

function fault(service: string, name: string, code: string): Row {
  const faults = { [service]: { fault: name } };
  return { name: `${service} ${name}`, faults, bottleneck: PAYMENT, finding: { code, service } };
}

export const ROWS: readonly Row[] = [
  { name: 'nothing', faults: {}, bottleneck: PAYMENT },
  slow('gateway', 'validate_cart'),
  slow('auth', 'POST /sessions/verify'),
  slow('inventory', 'POST /reservations'),
  slow('payment', PAYMENT.operation),
  slow('notify', NOTIFY.operation),
  {
    name: 'payment latency=100',
    faults: { payment: { latencyMs: 100 } },
    bottleneck: NOTIFY,
    // Notify's 220 ms and inventory's 200 ms are closer than 30 requests at once on two cores.
    atOnce: 2,
  },
  fault('inventory', 'n-plus-one', 'n-plus-one'),
  fault('payment', 'retry-storm', 'retry-storm'),
  fault('payment', 'swallowed-error', 'swallowed-error'),
  { ...fault('notify', 'lost-job', 'lost-job'), pauseMs: LOST_AFTER_MS + 1_000 },
  {
    name: 'payment hang',
    faults: { payment: { hang: true } },
    status: 503,
    bottleneck: PAYMENT,
    finding: { code: 'error-storm', service: 'payment' },
  },
  {
    name: 'payment failure-rate=1',
    faults: { payment: { failureRate: 1 } },
    status: 503,
    bottleneck: PAYMENT,
    finding: { code: 'error-storm', service: 'payment' },
  },
  {
    ...mistake('gateway', 'propagation', 'broken-propagation'),
    bottleneck: { service: 'gateway', operation: 'POST' },
    finding: { code: 'broken-propagation', service: 'payment' },
  },
  {
    ...mistake('gateway', 'sampling', 'sampling-loses-errors'),
    bottleneck: null,
    // What is left to see are the jobs of checkouts that left no trace.
    finding: { code: 'sampling-loses-errors', service: 'notify' },
  },
  {
    name: 'all mistake=noise',
    faults: everywhere({ mistake: 'noise' }),
    bottleneck: { service: 'payment', operation: 'poll' },
    finding: { code: 'noise', service: 'payment' },
  },
  {
    name: 'all mistake=attributes',
    faults: everywhere({ mistake: 'attributes' }),
    bottleneck: PAYMENT,
    finding: { code: 'missing-attributes', service: 'gateway' },
  },
  mistake('notify', 'async', 'broken-propagation'),
];
