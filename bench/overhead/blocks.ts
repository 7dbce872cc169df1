// The order of the blocks of a round, and what they say of the two processes that took turns.

/**
 * Whether a block is the traced application's. Both have as many blocks, at the same time on the average, and what
 * changes steadily or ever faster in between is the same for both (the Thue–Morse sequence).
 */
const TRACED = [false, true, true, false, true, false, false, true];

/** The blocks of a round; every other round begins with the other one. */
export function tracedBlocks(round: number): boolean[] {
  return TRACED.map((isTraced) => isTraced === (round % 2 === 0));
}

/** What one process of a pair did in all its blocks of a round. */
export interface Share {
  /** Of its processes, from the first block of the round until the last span of the round had arrived. */
  readonly cpuUs: number;
  readonly requests: number;
  readonly seconds: number;
  readonly rssBytes: number;
}

export interface Ratios {
  /** Processor time of a request ÷ that without a tracer. */
  readonly cpu: number;
  readonly addedUs: number;
  readonly bareUs: number;
  readonly throughput: number;
  readonly barePerSecond: number;
  readonly rssMb: number;
  readonly rssOverMb: number;
}

export function ratiosOf(bare: Share, traced: Share): Ratios {
  const bareUs = bare.cpuUs / bare.requests;
  const tracedUs = traced.cpuUs / traced.requests;
  const barePerSecond = bare.requests / bare.seconds;
  return {
    cpu: tracedUs / bareUs,
    addedUs: tracedUs - bareUs,
    bareUs,
    throughput: traced.requests / traced.seconds / barePerSecond,
    barePerSecond,
    rssMb: traced.rssBytes / 1e6,
    rssOverMb: (traced.rssBytes - bare.rssBytes) / 1e6,
  };
}
