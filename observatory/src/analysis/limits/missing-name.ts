// Whether the service or operation of a limit exists: a misspelt one must not pass.

import { nearestName } from '../../trace/nearest-name.ts';
import type { RouteStats } from '../many/route-stats.ts';
import type { LimitSubject } from './limit.ts';

const SHOWN = 8;

function cure(word: string, names: ReadonlySet<string>): string {
  const near = nearestName(word, names);
  if (near !== undefined) return `Did you mean ${near}?`;
  const shown = [...names].sort().slice(0, SHOWN).join(', ');
  return `There are ${shown}${names.size > SHOWN ? ` and ${names.size - SHOWN} more` : ''}.`;
}

/** What is missing of a share's service and operation in all routes, and what was probably meant; `undefined` when nothing is. */
export function missingName(subject: LimitSubject, routes: readonly RouteStats[]): string | undefined {
  if (subject.kind !== 'share') return undefined;
  const { service, operation } = subject;
  const operations = routes.flatMap((route) => route.operations);
  const own = new Set(operations.filter((one) => one.service === service).map((one) => one.operation));
  if (own.size === 0) {
    const owner = operations.find((one) => one.operation === service);
    if (owner !== undefined && operation === undefined)
      return `${service} is no service, but an operation of ${owner.service}: write '${owner.service} · ${service} > …'.`;
    return `there is no service ${service} in the traces. ${cure(service, new Set(operations.map((one) => one.service)))}`;
  }
  if (operation === undefined || own.has(operation)) return undefined;
  return `there is no operation ${operation} of ${service} in the traces. ${cure(operation, own)}`;
}
