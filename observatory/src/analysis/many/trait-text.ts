// Traits in words.
import { groupedText } from '../../trace/duration-text.ts';
import type { Trait } from './route-stats.ts';

function place(service: string, operation: string | undefined): string {
  if (operation === undefined) return service;
  return `${service} · ${operation === '' ? '(no name)' : operation}`;
}

function numberText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15
    ? groupedText(value)
    : String(Number(value.toPrecision(4)));
}

/**
 * A trait as it is said: `payment.provider=acme (payment · charge)`, `inventory · SELECT at least 10 times`,
 * `an error in payment · charge`.
 */
export function traitText(trait: Trait): string {
  const where = place(trait.service, trait.operation);
  switch (trait.kind) {
    case 'attribute':
    case 'resource':
      return `${trait.key}=${trait.value} (${where})`;
    case 'number':
      return `${trait.key} ≥ ${numberText(trait.atLeast)} (${where})`;
    case 'repeated':
      return `${where} at least ${groupedText(trait.atLeast)} times`;
    case 'error':
      return `an error in ${where}`;
    case 'operation':
      return where;
  }
}
