// Reads the arguments of `npm run fault`: which service is to do what.
import { SERVICES } from './members.ts';
import { EXIT_BAD_ENVIRONMENT, MeshError } from './mesh-error.ts';
import { suggest } from './nearest-name.ts';

type Value = number | boolean | string | undefined;

export type FaultCommand =
  | { readonly kind: 'show'; readonly services: readonly string[] }
  | { readonly kind: 'off'; readonly services: readonly string[] }
  /** `change` by the fields of a service's /faults; undefined gives a field its start value again. */
  | { readonly kind: 'set'; readonly services: readonly string[]; readonly change: Record<string, Value> };

/** Who can do it; no service named means each can. `payment` loses its context through the gateway, which calls it. */
export const MISTAKES: Readonly<Record<string, string | undefined>> = {
  propagation: 'gateway',
  sampling: 'gateway',
  noise: undefined,
  attributes: undefined,
  async: 'notify',
};
export const SERVICE_FAULTS: Readonly<Record<string, string>> = {
  'n-plus-one': 'inventory',
  'retry-storm': 'payment',
  'swallowed-error': 'payment',
  'lost-job': 'notify',
};

const NUMBERS: Readonly<Record<string, string>> = {
  latency: 'latencyMs',
  'extra-latency': 'extraLatencyMs',
  'failure-rate': 'failureRate',
};
const SETTINGS = [...Object.keys(NUMBERS), 'hang', 'mistake', ...Object.keys(SERVICE_FAULTS)];
const EXAMPLE = 'npm run fault -- payment latency=3000';

/** Throws a MeshError that names the word and what it should have been. */
export function readFaultCommand(args: readonly string[]): FaultCommand {
  const [name, ...words] = args;
  if (name === undefined) return { kind: 'show', services: SERVICES };
  const services = name === 'all' ? SERVICES : [readService(name)];
  if (words.length === 0) return { kind: 'show', services };
  if (words.length === 1 && words[0] === 'off') return { kind: 'off', services };
  const settings = words.map((word) => readSetting(word, name));
  const owners = new Set(settings.map(({ owner }) => owner ?? name));
  if (owners.size > 1)
    throw wrong(`${words.join(' ')} is for ${[...owners].join(' and ')}: set them one by one.`);
  const change = Object.fromEntries(settings.map(({ field, value }) => [field, value]));
  const owner = settings[0]?.owner;
  return { kind: 'set', services: owner === undefined ? services : [owner], change };
}

function readService(name: string): string {
  if (SERVICES.some((service) => service === name)) return name;
  throw wrong(`There is no service ${JSON.stringify(name)}. ${suggest(name, [...SERVICES, 'all'])}`);
}

interface Setting {
  readonly field: string;
  readonly value: Value;
  /** The only service it can be set on. */
  readonly owner?: string | undefined;
}

function readSetting(word: string, service: string): Setting {
  const [key = '', value = 'on'] = word.split(/=(.*)/s, 2);
  const isOff = value === 'off';
  if (key === 'mistake') return readMistake(value, service);
  if (Object.hasOwn(SERVICE_FAULTS, key)) {
    if (!isOff) requireOn(key, value);
    const owner = requireOwner(key, SERVICE_FAULTS[key], service);
    return { field: 'fault', value: isOff ? undefined : key, owner };
  }
  if (key === 'hang') return { field: 'hang', value: isOff ? undefined : requireOn(key, value) };
  const field = Object.hasOwn(NUMBERS, key) ? NUMBERS[key] : undefined;
  if (field !== undefined) return { field, value: isOff ? undefined : readNumber(key, value) };
  if (Object.hasOwn(MISTAKES, key)) throw wrong(`${key} is a mistake: write mistake=${key}.`);
  throw wrong(`There is no fault ${JSON.stringify(key)}. ${suggest(key, SETTINGS)}`);
}

function readMistake(name: string, service: string): Setting {
  if (name === 'off') return { field: 'mistake', value: undefined };
  if (!Object.hasOwn(MISTAKES, name)) {
    throw wrong(`There is no mistake ${JSON.stringify(name)}. ${suggest(name, Object.keys(MISTAKES))}`);
  }
  const isCallee = name === 'propagation' && service === 'payment';
  const owner = isCallee ? MISTAKES[name] : requireOwner(`mistake=${name}`, MISTAKES[name], service);
  return { field: 'mistake', value: name, owner };
}

function requireOwner(setting: string, owner: string | undefined, service: string): string | undefined {
  if (owner === undefined || owner === service) return owner;
  throw wrong(
    `${setting} is not for ${service}. Set it where it happens: npm run fault -- ${owner} ${setting}`,
  );
}

function requireOn(key: string, value: string): true {
  if (value === 'on') return true;
  throw wrong(`${key}=${value} is neither on nor off. Write it like ${key}, or ${key}=off.`);
}

function readNumber(key: string, text: string): number {
  const [max, what, example] =
    key === 'failure-rate'
      ? [1, 'a share from 0 to 1', '0.5']
      : [600_000, 'milliseconds from 0 to 600000', '3000'];
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw wrong(`${key}=${text} is not ${what}. Write it like ${key}=${example}.`);
}

function wrong(message: string): MeshError {
  return new MeshError(
    `${message}\nFor example: ${EXAMPLE}, npm run fault -- payment off, npm run fault`,
    EXIT_BAD_ENVIRONMENT,
  );
}
