// The setting `trustInbound`: whose trace context is continued.

import type { IncomingMessage } from 'node:http';
import type { Check } from '../options/parse-options.ts';
import { reportFault } from '../shared/guard.ts';
import { isPrivateCaller } from './private-caller.ts';

/** The settings that a word names. */
export type TrustWord = 'always' | 'never' | 'private';

/** Whose trace context is continued: everybody's, nobody's, that of callers from inside, or of whom the function says. */
export type TrustInbound = TrustWord | ((request: IncomingMessage) => boolean);

export const TRUST_WORDS: readonly string[] = ['always', 'never', 'private'] satisfies TrustWord[];

export const isTrustInbound: Check = (value) =>
  typeof value === 'function' || TRUST_WORDS.includes(value as string)
    ? undefined
    : `expected 'always', 'never', 'private' or a function of the request`;

export type TrustTest = (request: IncomingMessage) => boolean;

const TESTS: Readonly<Record<TrustWord, TrustTest>> = {
  always: () => true,
  never: () => false,
  private: isPrivateCaller,
};

/** A test that is true where all the settings are; without one, `'private'`. */
export function trustTest(settings: readonly TrustInbound[]): TrustTest {
  const tests = [...new Set(settings)].map(testOf);
  const [only = TESTS.private] = tests;
  return tests.length < 2 ? only : (request) => tests.every((test) => test(request));
}

function testOf(setting: TrustInbound): TrustTest {
  return typeof setting === 'function' ? (request) => isGranted(setting, request) : TESTS[setting];
}

/** Only `true` is trust. A predicate that fails or answers something else, a promise for example, is reported once. */
function isGranted(predicate: TrustTest, request: IncomingMessage): boolean {
  try {
    const answer: unknown = predicate(request);
    if (typeof answer !== 'boolean') {
      reportFault('asking trustInbound', new TypeError(`it answered ${typeof answer}, not true or false`));
    }
    return answer === true;
  } catch (error) {
    reportFault('asking trustInbound', error);
    return false;
  }
}
