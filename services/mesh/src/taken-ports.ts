// Says in one line which ports can't be had and why, with a command line that does without them.
import type { PortWish } from './claim-ports.ts';
import { EXIT_BAD_ENVIRONMENT, MeshError } from './mesh-error.ts';

export interface TakenPort {
  readonly wish: PortWish;
  readonly port: number;
  /** Why it could not be bound, such as EADDRINUSE. */
  readonly code: string;
}

/** `settings` are those of the command line: each port variable that has to be set, with a port that is free. */
export function takenPorts(taken: readonly TakenPort[], settings: ReadonlyMap<string, number>): MeshError {
  const codes = [...new Set(taken.map(({ code }) => code))];
  const reasons = codes.map((code) =>
    reasonOf(
      taken.filter((one) => one.code === code),
      code,
    ),
  );
  const cure = codes.includes('EADDRINUSE')
    ? `Stop what uses ${taken.length === 1 ? 'it' : 'them'}, or choose`
    : 'Choose';
  const variables = [...settings].map(([variable, port]) => `${variable}=${port}`);
  return new MeshError(
    `${reasons.join(' ')} ${cure} ${taken.length === 1 ? 'another port' : 'other ports'}: ${variables.join(' ')} npm start`,
    EXIT_BAD_ENVIRONMENT,
  );
}

function reasonOf(taken: readonly TakenPort[], code: string): string {
  const isTaken = code === 'EADDRINUSE';
  const [first, ...more] = taken;
  if (first !== undefined && more.length === 0) {
    const why = isTaken ? 'is taken by another process' : `can't be used (${code})`;
    return `Port ${first.port}, where ${first.wish.owner} should listen, ${why}.`;
  }
  const names = new Intl.ListFormat('en').format(taken.map(({ wish, port }) => `${port} for ${wish.owner}`));
  return `The ports ${names} ${isTaken ? 'are taken by other processes' : `can't be used (${code})`}.`;
}
