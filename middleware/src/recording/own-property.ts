// Sets an attribute of an object as its own, whatever its name is.

import type { Attributes, AttributeValue } from '@opentelemetry/api';

/** A plain assignment to `__proto__` would change the prototype, and the attribute would be lost. */
export function setOwn(attributes: Attributes, name: string, value: AttributeValue | undefined): void {
  if (name !== '__proto__') attributes[name] = value;
  else
    Object.defineProperty(attributes, name, { value, writable: true, enumerable: true, configurable: true });
}
