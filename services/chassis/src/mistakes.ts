// The mistakes with tracing and the faults that can be switched on at run time, and which service makes each.

const EVERY_SERVICE = 'every service';

const MADE_BY = {
  propagation: 'gateway',
  sampling: 'gateway',
  noise: EVERY_SERVICE,
  attributes: EVERY_SERVICE,
  async: 'notify',
} as const;

const HAS_FAULT = {
  'n-plus-one': 'inventory',
  'retry-storm': 'payment',
  'swallowed-error': 'payment',
  'lost-job': 'notify',
} as const;

/**
 * `propagation`: payment is called without the trace headers. `sampling`: one trace in a hundred is kept, by chance.
 * `noise`: every middleware and every turn of a loop is a span. `attributes`: no span says whose order it is.
 * `async`: the receipt's job runs detached from the request, and its error is lost.
 */
export type Mistake = keyof typeof MADE_BY;

/**
 * `n-plus-one`: products are read one by one. `retry-storm`: the acquirer fails twice before it answers.
 * `swallowed-error`: a charge is not written into the books, and nobody hears of it. `lost-job`: what was accepted is
 * never processed.
 */
export type ServiceFault = keyof typeof HAS_FAULT;

/** The mistakes `service` can make. */
export function mistakesOf(service: string): Mistake[] {
  return namesOf(MADE_BY, service);
}

/** The faults `service` can have beside those that every service can have. */
export function serviceFaultsOf(service: string): ServiceFault[] {
  return namesOf(HAS_FAULT, service);
}

/** Who makes the mistake, or has the fault, called `name`; undefined for a name nobody knows. */
export function ownerOf(name: string): string | undefined {
  return new Map(Object.entries({ ...MADE_BY, ...HAS_FAULT })).get(name);
}

function namesOf<Name extends string>(owners: Readonly<Record<Name, string>>, service: string): Name[] {
  return (Object.keys(owners) as Name[]).filter((name) => [service, EVERY_SERVICE].includes(owners[name]));
}
