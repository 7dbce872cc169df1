// Puts together the propagators that OTEL_PROPAGATORS names.

import type { TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator, getStringListFromEnv, W3CBaggagePropagator } from '@opentelemetry/core';
import { loadPackage } from '../shared/load-package.ts';
import { DefaultPropagator } from './default-propagator.ts';
import { ForeignPropagator } from './foreign-propagator.ts';
import { JaegerPropagator } from './jaeger-propagator.ts';
import { W3CPropagator } from './w3c-propagator.ts';

type B3 = typeof import('@opentelemetry/propagator-b3');
const b3 = (): B3 => loadPackage<B3>('@opentelemetry/propagator-b3');

const FACTORIES: Readonly<Record<string, () => TextMapPropagator>> = {
  tracecontext: () => new W3CPropagator(),
  baggage: () => new W3CBaggagePropagator(),
  b3: () => new ForeignPropagator(new (b3().B3Propagator)()),
  b3multi: () => {
    const { B3InjectEncoding, B3Propagator } = b3();
    return new ForeignPropagator(new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER }));
  },
  jaeger: () => new ForeignPropagator(new JaegerPropagator()),
};

const DEFAULT_NAMES = ['tracecontext', 'baggage'];

export interface ChosenPropagator {
  /** `null` when nothing is to be propagated (`none`). */
  readonly propagator: TextMapPropagator | null;
  /** Names that mean nothing here; they were left out. */
  readonly unknown: readonly string[];
}

/**
 * Each name once, in the order given: where two read the same thing, the later one wins. `none` wins over all.
 * Without a name that is known, `tracecontext` and `baggage`.
 */
export function choosePropagator(names: readonly string[]): ChosenPropagator {
  const unknown = names.filter((name) => name !== 'none' && !Object.hasOwn(FACTORIES, name));
  if (names.includes('none')) return { propagator: null, unknown };
  const known = [...new Set(names)].filter((name) => Object.hasOwn(FACTORIES, name));
  if (isDefault(known)) return { propagator: new DefaultPropagator(), unknown };
  const propagators = known.flatMap((name) => FACTORIES[name]?.() ?? []);
  const [only] = propagators;
  const propagator =
    propagators.length === 1 && only !== undefined ? only : new CompositePropagator({ propagators });
  return { propagator, unknown };
}

function isDefault(known: readonly string[]): boolean {
  if (known.length === 0) return true;
  return known.length === DEFAULT_NAMES.length && DEFAULT_NAMES.every((name) => known.includes(name));
}

/** What `OTEL_PROPAGATORS` asks for. */
export function propagatorFromEnvironment(): ChosenPropagator {
  return choosePropagator(getStringListFromEnv('OTEL_PROPAGATORS') ?? []);
}

/** The line that tells the person at the console about a name that was left out. */
export function unknownPropagatorLine(name: string): string {
  const known = [...Object.keys(FACTORIES), 'none'].join(', ');
  return `longpole: OTEL_PROPAGATORS names '${name}', which is not known and is left out; known are ${known}`;
}
