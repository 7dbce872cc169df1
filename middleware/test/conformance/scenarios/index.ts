// All scenarios of the conformance suite.

import type { Group } from '../harness/scenario.ts';
import { errors } from './errors.ts';
import { failingCalls } from './failing-calls.ts';
import { mounting } from './mounting.ts';
import { outgoing } from './outgoing.ts';
import { protocol } from './protocol.ts';
import { responses } from './responses.ts';
import { routing } from './routing.ts';

export const groups: readonly Group[] = [
  routing,
  mounting,
  errors,
  responses,
  protocol,
  outgoing,
  failingCalls,
];
