// Puts encoded spans together as the body of one request (opentelemetry/proto/collector/trace/v1/trace_service.proto).

import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { ByteWriter } from './byte-writer.ts';
import { writeAttributes, writeText } from './protobuf-values.ts';

/** Encoded spans of one resource and scope. */
export interface SpanGroup {
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
  /** Each any number of spans, one after the other, as `encodeSpan` makes them. */
  readonly spans: readonly Uint8Array[];
}

/** Tags: number of the field times 8, and 2 for bytes. */
const REQUEST = { resourceSpans: 0x0a } as const;
const RESOURCE_SPANS = { resource: 0x0a, scopeSpans: 0x12, schemaUrl: 0x1a } as const;
const SCOPE_SPANS = { scope: 0x0a, schemaUrl: 0x1a } as const;
const RESOURCE = { attribute: 0x0a } as const;
const SCOPE = { name: 0x0a, version: 0x12 } as const;

/** An ExportTraceServiceRequest. Attributes of resources that are still to be detected are left out. */
export function encodeRequest(groups: readonly SpanGroup[]): Uint8Array {
  const byResource = Map.groupBy(groups, ({ resource }) => resource);
  const pieces = [...byResource].flatMap(([resource, ofResource]) =>
    field(REQUEST.resourceSpans, resourceSpans(resource, ofResource)),
  );
  return Buffer.concat(pieces);
}

function resourceSpans(resource: Resource, groups: readonly SpanGroup[]): Uint8Array[] {
  return [
    ...field(RESOURCE_SPANS.resource, [encodeResource(resource)]),
    ...groups.flatMap((group) => field(RESOURCE_SPANS.scopeSpans, scopeSpans(group))),
    ...text(RESOURCE_SPANS.schemaUrl, resource.schemaUrl),
  ];
}

function scopeSpans({ scope, spans }: SpanGroup): Uint8Array[] {
  return [
    ...field(SCOPE_SPANS.scope, [encodeScope(scope)]),
    ...spans,
    ...text(SCOPE_SPANS.schemaUrl, scope.schemaUrl),
  ];
}

/** The pieces as one message in a field. */
function field(tag: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const head = written((writer) => {
    writer.byte(tag);
    writer.varint(length);
  });
  return [head, ...pieces];
}

function text(tag: number, value: string | undefined): Uint8Array[] {
  if (value === undefined || value === '') return [];
  const whole = written((writer) => {
    writer.byte(tag);
    writeText(writer, value);
  });
  return [whole];
}

function encodeResource({ attributes }: Resource): Uint8Array {
  return written((writer) => writeAttributes(writer, RESOURCE.attribute, attributes));
}

function encodeScope({ name, version }: InstrumentationScope): Uint8Array {
  return Buffer.concat([...text(SCOPE.name, name), ...text(SCOPE.version, version)]);
}

function written(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(64);
  write(writer);
  return writer.written;
}
