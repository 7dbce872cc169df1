// Cleans what is told of a span beside its attributes: events, links, exceptions.

import type { Attributes, Exception, Link } from '@opentelemetry/api';
import { cleanAttributes, cleanSimpleAttributes } from '@opentelemetry/core';
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions';
import { cleanValue } from './attribute-list.ts';
import type { Limits } from './limits.ts';

interface Cleaned {
  readonly attributes?: Attributes;
  readonly droppedAttributesCount?: number;
}

/** Attributes of an event: only texts, numbers, booleans and arrays of one of these. */
export function cleanEventAttributes(attributes: Attributes | undefined, limits: Limits): Cleaned {
  const most = {
    attributeCountLimit: limits.attributePerEventCountLimit,
    attributeValueLengthLimit: Infinity,
  };
  return cutAll(cleanSimpleAttributes(attributes, most), limits);
}

/** The link with attributes of its own. */
export function cleanLink({ context, attributes }: Link, limits: Limits): Link {
  const most = {
    attributeCountLimit: limits.attributePerLinkCountLimit,
    attributeValueLengthLimit: Infinity,
  };
  return { context, ...cutAll(cleanAttributes(attributes, most), limits) };
}

/** What the exception event tells (semantic conventions, "Exceptions on spans"); `undefined` when nothing can be told. */
export function exceptionAttributes(exception: Exception): Attributes | undefined {
  if (typeof exception === 'string') return { [ATTR_EXCEPTION_MESSAGE]: exception };
  if (typeof exception !== 'object' || exception === null) return undefined;
  const { code, name, message, stack } = exception;
  const type = code === undefined || code === '' || code === 0 ? name : String(code);
  if (!type && !message) return undefined;
  return {
    ...(type && { [ATTR_EXCEPTION_TYPE]: type }),
    ...(message && { [ATTR_EXCEPTION_MESSAGE]: message }),
    ...(stack && { [ATTR_EXCEPTION_STACKTRACE]: stack }),
  };
}

function cutAll(cleaned: Cleaned, limits: Limits): Cleaned {
  const { attributes } = cleaned;
  if (attributes === undefined) return cleaned;
  for (const key of Object.keys(attributes)) attributes[key] = cleanValue(attributes[key], limits);
  return cleaned;
}
