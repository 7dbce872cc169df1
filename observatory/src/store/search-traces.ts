// Finds traces by their spans: newest span first, from the index, page by page.
import type { StatementSync } from 'node:sqlite';
import { SpanDecoder } from './read-trace.ts';
import { type ColumnFilter, meetsConditions, type SpanFilter, toSpanFilter } from './span-filter.ts';
import type { SpanCodec } from './span-record.ts';
import type { StoreState } from './store-state.ts';
import type { TraceQuery } from './trace-query.ts';
import type { Turns } from './turns.ts';

/** Index entries that are looked through in one go; fewer where the spans themselves are read. */
const INDEX_PAGE = 10_000;
const BODY_PAGE = 1_000;

const PLACE = '(start, trace, span, kind)';
const NEWEST_FIRST = 'ORDER BY start DESC, trace DESC, span DESC, kind DESC';

/** A place in the index of one service; what comes after it is older. */
interface Place {
  start: bigint;
  trace: bigint;
  span: bigint;
  kind: bigint;
}

const BEFORE_ALL: Place = { start: 2n ** 63n - 1n, trace: 2n ** 62n, span: 0n, kind: 0n };
const AFTER_ALL: Place = { start: -1n, trace: 0n, span: 0n, kind: 0n };

interface Match extends Place {
  origin: bigint;
}

/** A trace that was found, with the start of its newest span that matches. */
interface Found {
  readonly traceId: string;
  readonly startNs: bigint;
}

function prepare(state: StoreState, sql: string): StatementSync {
  const statement = state.db.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}

function values(place: Place): bigint[] {
  return [place.start, place.trace, place.span, place.kind];
}

export class TraceSearch {
  readonly #state: StoreState;
  readonly #codec: SpanCodec;
  readonly #pageEnd: StatementSync;
  readonly #matches: StatementSync;
  readonly #operationMatches: StatementSync;
  readonly #body: StatementSync;

  constructor(state: StoreState, codec: SpanCodec) {
    this.#state = state;
    this.#codec = codec;
    const from = 'FROM spans INDEXED BY spans_by_service';
    this.#pageEnd = prepare(
      state,
      `SELECT start, trace, span, kind ${from} WHERE service = ? AND ${PLACE} < (?, ?, ?, ?)
       ${NEWEST_FIRST} LIMIT 1 OFFSET ?`,
    );
    const matches = `SELECT start, trace, span, kind, origin ${from}
      WHERE service = ? AND ${PLACE} < (?, ?, ?, ?) AND ${PLACE} >= (?, ?, ?, ?)
        AND start >= ? AND start <= ? AND duration >= ? AND duration <= ?
        AND (? >> kind) & 1 AND (? >> status) & 1`;
    this.#matches = prepare(state, `${matches} ${NEWEST_FIRST}`);
    this.#operationMatches = prepare(state, `${matches} AND operation IN (?, ?, ?, ?, ?, ?) ${NEWEST_FIRST}`);
    this.#body = state.db.prepare(
      'SELECT service, origin, body FROM spans WHERE trace = ? AND span = ? AND service = ? AND kind = ?',
    );
  }

  /** The ids of the traces that match, the one with the newest matching span first. */
  async search(query: TraceQuery, turns: Turns): Promise<string[]> {
    const filter = toSpanFilter(query);
    const found: Found[] = [];
    for (const service of this.#servicesOf(query)) {
      for (const one of await this.#searchService(service, query, filter, turns)) found.push(one);
    }
    found.sort((a, b) => (a.startNs < b.startNs ? 1 : a.startNs > b.startNs ? -1 : 0));
    const distinct = new Set(found.map((one) => one.traceId));
    return [...distinct].slice(0, query.limit);
  }

  #servicesOf(query: TraceQuery): number[] {
    const { services } = this.#state.catalog;
    if (query.service === undefined) return [...services.values()].map((service) => service.id);
    const service = services.find(query.service);
    return service === undefined ? [] : [service.id];
  }

  /** Ids of an operation in each kind that it has, filled up to six; `undefined` when any operation will do. */
  #operationsOf(service: number, query: TraceQuery): number[] | undefined {
    const { operation: name } = query;
    if (name === undefined) return undefined;
    const { operations } = this.#state.catalog;
    return [0, 1, 2, 3, 4, 5].map((kind) => operations.find({ service, kind, name })?.id ?? -1);
  }

  async #searchService(
    service: number,
    query: TraceQuery,
    filter: SpanFilter,
    turns: Turns,
  ): Promise<Found[]> {
    const operations = this.#operationsOf(service, query);
    if (operations?.every((id) => id === -1)) return [];
    const found = new Map<string, Found>();
    const pageSize = filter.conditions.length > 0 ? BODY_PAGE : INDEX_PAGE;
    let from: Place | undefined = { ...BEFORE_ALL, start: filter.columns.startMaxNs };
    while (from !== undefined && found.size < query.limit) {
      const end = this.#pageEnd.get(service, ...values(from), pageSize - 1) as unknown as Place | undefined;
      this.#searchPage(
        { service, operations, from, to: end ?? AFTER_ALL, filter, limit: query.limit },
        found,
      );
      from = end !== undefined && end.start >= filter.columns.startMinNs ? end : undefined;
      await turns.breathe();
    }
    return [...found.values()];
  }

  #searchPage(page: Page, found: Map<string, Found>): void {
    const decoder = new SpanDecoder(this.#state, this.#codec);
    for (const match of this.#matchesOf(page)) {
      const traceId = this.#state.traces.byId(Number(match.trace))?.traceId;
      if (traceId === undefined || found.has(traceId)) continue;
      if (!this.#meets(match, page, decoder)) continue;
      found.set(traceId, { traceId, startNs: match.start });
      if (found.size >= page.limit) return;
    }
  }

  #matchesOf({ service, operations, from, to, filter }: Page): Iterable<Match> {
    const parameters = [service, ...values(from), ...values(to), ...columnValues(filter.columns)];
    const rows =
      operations === undefined
        ? this.#matches.iterate(...parameters)
        : this.#operationMatches.iterate(...parameters, ...operations);
    return rows as Iterable<unknown> as Iterable<Match>;
  }

  #meets(match: Match, { service, filter }: Page, decoder: SpanDecoder): boolean {
    if (filter.conditions.length === 0) return true;
    const row = this.#body.get(match.trace, match.span, service, match.kind);
    if (row === undefined) return false;
    return meetsConditions(
      filter.conditions,
      row as unknown as { service: number; origin: number; body: Uint8Array },
      decoder,
    );
  }
}

/** A stretch of one service's index, and what is looked for in it. */
interface Page {
  readonly service: number;
  readonly operations: readonly number[] | undefined;
  readonly from: Place;
  readonly to: Place;
  readonly filter: SpanFilter;
  readonly limit: number;
}

function columnValues(columns: ColumnFilter): (bigint | number)[] {
  const { startMinNs, startMaxNs, durationMinNs, durationMaxNs, kinds, statuses } = columns;
  return [startMinNs, startMaxNs, durationMinNs, durationMaxNs, kinds, statuses];
}
