// Frames in words.
import type { Frame } from './frame.ts';

/** `payment · charge`, or for a kind of time on it `→ payment (network)`, `(untraced)`. */
export function frameText({
  service,
  operation,
  kind,
  peer,
}: Pick<Frame, 'service' | 'operation' | 'kind' | 'peer'>): string {
  if (kind === 'untraced') return '(untraced)';
  if (kind !== 'own') return `→ ${peer} (${kind})`;
  return operation === '' ? service : `${service} · ${operation}`;
}
