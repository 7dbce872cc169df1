// The attributes of one span, in the order in which they were set: as flat as they can be, because every span has a dozen.

import { type Attributes, type AttributeValue, diag } from '@opentelemetry/api';
import { isAnyValue } from '@opentelemetry/core';
import type { Limits } from './limits.ts';
import { setOwn } from './own-property.ts';

/** Names and values in turn. */
export type FlatAttributes = (string | AttributeValue)[];

export class AttributeList {
  readonly #flat: FlatAttributes;
  readonly #limits: Limits;
  #dropped = 0;

  /** `flat` is taken as it is, but for texts that are too long; nobody else may change it afterwards. */
  constructor(flat: FlatAttributes, limits: Limits) {
    this.#flat = flat;
    this.#limits = limits;
    for (let i = 1; i < flat.length; i += 2) {
      const value = flat[i];
      if (typeof value === 'string' && value.length > limits.attributeValueLengthLimit)
        flat[i] = limits.cut(value);
    }
    const most = limits.attributeCountLimit * 2;
    if (flat.length <= most) return;
    this.#dropped = (flat.length - most) / 2;
    flat.length = most;
  }

  /** Names and values in turn, to be read only. */
  get flat(): Readonly<FlatAttributes> {
    return this.#flat;
  }

  /** Attributes that were left out because there were too many, or their values are no attributes. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Sets one attribute, in place of another of its name (OpenTelemetry trace API, "Set Attributes"). */
  set(name: string, value: unknown): void {
    if (value === undefined) return;
    if (typeof name !== 'string' || name === '') {
      this.#drop(`Invalid attribute key: ${String(name)}`);
      return;
    }
    const flat = this.#flat;
    let at = 0;
    while (at < flat.length && flat[at] !== name) at += 2;
    if (at === flat.length && at >= this.#limits.attributeCountLimit * 2) {
      if (this.#dropped === 0) diag.warn('Dropping extra attributes.');
      this.#dropped += 1;
      return;
    }
    const clean = cleanValue(value, this.#limits);
    if (clean === undefined) {
      this.#drop(`Invalid attribute value set for key: ${name}`);
      return;
    }
    flat[at] = name;
    flat[at + 1] = clean;
  }

  get(name: string): AttributeValue | undefined {
    const flat = this.#flat;
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === name) return flat[i + 1];
    return undefined;
  }

  toObject(): Attributes {
    const attributes: Attributes = {};
    const flat = this.#flat;
    for (let i = 0; i < flat.length; i += 2) setOwn(attributes, flat[i] as string, flat[i + 1]);
    return attributes;
  }

  #drop(complaint: string): void {
    diag.warn(complaint);
    this.#dropped += 1;
  }
}

/** The value with texts cut and nothing of the caller's in it; `undefined` for what cannot be an attribute. */
export function cleanValue(value: unknown, limits: Limits): AttributeValue | undefined {
  switch (typeof value) {
    case 'string':
      return value.length <= limits.attributeValueLengthLimit ? value : limits.cut(value);
    case 'number':
    case 'boolean':
      return value;
    case 'object':
      return isAnyValue(value) ? copyOf(value as AttributeValue, limits) : undefined;
    default:
      return undefined;
  }
}

function copyOf(value: AttributeValue, limits: Limits): AttributeValue {
  const length = limits.attributeValueLengthLimit;
  if (typeof value === 'string') return value.length <= length ? value : limits.cut(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return value.length <= length ? value : value.slice(0, length);
  if (Array.isArray(value)) return value.map((item) => copyOf(item, limits));
  const copy: Record<string, AttributeValue> = {};
  for (const [key, each] of Object.entries(value as Record<string, AttributeValue>)) {
    if (each !== undefined) setOwn(copy, key, copyOf(each, limits));
  }
  return copy;
}
