// Puts the trace context on an outgoing request, as much of it as the host may hear.

import type { IncomingHttpHeaders } from 'node:http';
import { type Context, propagation, type TextMapSetter } from '@opentelemetry/api';
import { countDrop } from '../propagation/index.ts';
import { boundary } from '../trust/boundary.ts';
import { isManaged, isTelling } from '../trust/managed-headers.ts';
import { untrustedHeaders } from './context-keys.ts';

/** How the headers of one kind of request are read and changed. Names are compared without regard to case. */
export interface HeaderAccess<Request> {
  /** Names as they were given. */
  names(request: Request): readonly string[];
  /** `undefined` without one. */
  get(request: Request, name: string): string | undefined;
  /** Replaces what is there. */
  set(request: Request, name: string, value: string): void;
  remove(request: Request, name: string): void;
}

/** Where a request goes, as far as it matters for what may be told. */
export interface Destination {
  /** A host, or the path of a local socket. */
  readonly address: string;
  readonly isLocal: boolean;
}

function mayHearAll({ address, isLocal }: Destination): boolean {
  return isLocal || boundary().mayHearAll(address);
}

/** Writes trace context to requests of one kind. */
export class HeaderInjector<Request> {
  readonly #access: HeaderAccess<Request>;
  readonly #all: TextMapSetter<Request>;
  readonly #idsOnly: TextMapSetter<Request>;

  constructor(access: HeaderAccess<Request>) {
    this.#access = access;
    const set = (request: Request, name: string, value: string): void => {
      // A tracestate that was copied from elsewhere does not belong to this traceparent; ours is written after it.
      if (name === 'traceparent') access.remove(request, 'tracestate');
      access.set(request, name, value);
    };
    this.#all = { set };
    this.#idsOnly = {
      set: (request, name, value) => {
        if (!isTelling(name.toLowerCase())) set(request, name, value);
      },
    };
  }

  /**
   * Writes what the host may hear. What it may not hear is also removed where the application, a proxy most likely, has
   * set it by hand, and so is what an untrusted caller has sent.
   */
  inject(context: Context, request: Request, destination: Destination): void {
    this.#removeUntrusted(request, untrustedHeaders(context));
    if (mayHearAll(destination)) {
      propagation.inject(context, request, this.#all);
      return;
    }
    this.holdBack(request, destination);
    if (!boundary().holdsTraceIdBack)
      propagation.inject(propagation.deleteBaggage(context), request, this.#idsOnly);
  }

  /** Removes what the host may not hear, whoever has put it there. */
  holdBack(request: Request, destination: Destination): void {
    if (mayHearAll(destination)) return;
    const mayNotHear = boundary().holdsTraceIdBack ? isManaged : isTelling;
    for (const name of this.#access.names(request)) {
      if (mayNotHear(name.toLowerCase())) this.#remove(request, name);
    }
  }

  #removeUntrusted(request: Request, untrusted: IncomingHttpHeaders | undefined): void {
    if (untrusted === undefined) return;
    for (const name of this.#access.names(request)) {
      const key = name.toLowerCase();
      if (!isManaged(key) || untrusted[key] === undefined) continue;
      if (String(untrusted[key]) === this.#access.get(request, name)) this.#remove(request, name);
    }
  }

  #remove(request: Request, name: string): void {
    this.#access.remove(request, name);
    countDrop('outgoing_removed');
  }
}
