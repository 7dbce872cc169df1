// What a scenario of the conformance suite is made of.

import type { Express } from 'express';
import type { ExpectedSpan, Place } from './contract.ts';
import type { Send } from './send.ts';

/** What the routes of the traced application are given. */
export interface Deps {
  /** Origins of the upstream service. */
  readonly upstream: string;
  readonly upstreamTls: string;
  /** A port where nobody listens. */
  readonly closedPort: number;
}

export interface Traffic extends Place {
  readonly traceId: string;
  /** Sends one request with the scenario's `traceparent` and resolves when its answer is complete. */
  readonly send: Send;
  /** The headers of a request that belongs to the scenario, for traffic that is sent by hand. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Scenario {
  readonly title: string;
  readonly traffic: (traffic: Traffic) => Promise<unknown>;
  readonly spans: (place: Place) => readonly ExpectedSpan[];
  /** Finds the spans by the path of the request instead of by its trace id. */
  readonly byPath?: string;
  /** Compares the stock instrumentations' spans of Express's layers and their extra attributes too. */
  readonly isStrict?: true;
  /** The upstream service must have been sent the caller's own context. */
  readonly handsOn?: true;
}

export interface Group {
  readonly name: string;
  /** Adds the routes of the scenarios. */
  readonly mount: (app: Express, deps: Deps) => void;
  readonly scenarios: readonly Scenario[];
}
