// What every copy of this package in one process shares, so that two copies never trace a request twice.

import type { AppIgnore, IgnoreRule } from '../http/ignore.ts';
import type { Privacy } from '../http/privacy.ts';
import type { RequestRecord } from '../http/server-record.ts';
import type { TracingHandle } from '../start/types.ts';
import type { BoundaryEntry } from '../trust/boundary.ts';
import type { TraceWatcher } from './trace-watcher.ts';

interface SharedState {
  handle: TracingHandle | undefined;
  /** `service.name` of the process, as far as somebody has chosen it. */
  service: ServiceName | undefined;
  /** Names that `tracing()` has given to applications. */
  readonly appServices: Set<string>;
  /** Whether the testing kit is loaded: then `tracing()` waits for `captureTraces()` and starts nothing by itself. */
  isUnderTest: boolean;
  /** What the testing kit wants to hear of, while it captures. */
  watcher: TraceWatcher | undefined;
  readonly ignore: IgnoreRule[];
  /**
   * The request that has begun last and not ended, most likely the one that is worked on. Applications give their requests
   * so many shapes that V8 searches for a property of theirs each time.
   */
  latest: LatestRequest | undefined;
  /** Number of `tracing()`s. */
  apps: number;
  /** What each `tracing()` ignores beside that; replaced as a whole with every change. */
  appIgnore: readonly AppIgnore[];
  /** False when only `ignore` is to hold. */
  ignoreDefaults: boolean;
  /** Whom to trust and whom to tell; replaced as a whole with every change. */
  boundaries: readonly BoundaryEntry[];
  /** Takes lines for the console; standard error before tracing is started. */
  log: ((line: string) => void) | undefined;
  /** Who makes the spans while an SDK of our own runs. */
  instrumentation: 'listen' | 'stock' | undefined;
  /** How often a required attribute was missing, by its name. */
  readonly missing: Map<string, number>;
  /** What is to be redacted and what headers are wanted; replaced as a whole with every change. */
  privacy: Privacy;
  /** Errors of our own listeners that were kept from the application. */
  faults: number;
  /** Which side owns the spans of this process: the first enabled instrumentation of its kind. */
  readonly owners: Map<string, object>;
}

interface LatestRequest {
  readonly request: object;
  readonly response: object;
  readonly record: RequestRecord;
}

interface ServiceName {
  readonly name: string;
  /** Whether the environment has chosen it, which wins over every name in code. */
  readonly isFixed: boolean;
}

const KEY = Symbol.for('@longpole/express/1');

/** Found once: a look into the global object costs as much as what most callers do with it. */
let state: SharedState | undefined;

/** The state shared by all copies of the package; made on first use. */
export function sharedState(): SharedState {
  state ??= findState();
  return state;
}

function findState(): SharedState {
  const holder = globalThis as { [KEY]?: SharedState };
  holder[KEY] ??= {
    handle: undefined,
    service: undefined,
    appServices: new Set(),
    isUnderTest: false,
    watcher: undefined,
    ignore: [],
    latest: undefined,
    apps: 0,
    appIgnore: [],
    ignoreDefaults: true,
    boundaries: [],
    log: undefined,
    instrumentation: undefined,
    missing: new Map(),
    privacy: { entries: [], redact: new Set(), requestHeaders: [], responseHeaders: [] },
    faults: 0,
    owners: new Map(),
  };
  return holder[KEY];
}
