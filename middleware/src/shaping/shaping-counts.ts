// Adds what shaping did with ended spans to the counts of the processor behind it.

export interface ShapingCounts {
  /** Spans past the budget, counted on an exported span above them. */
  readonly spanBudget: number;
  /** Spans that a folded one stands for, without the folded one itself. */
  readonly folded: number;
  /** Ended spans that wait for the end of their run. */
  readonly held: number;
}

export interface Tallied {
  readonly ended: number;
  readonly queued: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** The sums stay exact: `ended` = `exported` + `queued` + all of `dropped` + `unsampled`. */
export function withShaping<T extends Tallied>(counts: T, { spanBudget, folded, held }: ShapingCounts): T {
  return {
    ...counts,
    ended: counts.ended + spanBudget + folded + held,
    queued: counts.queued + held,
    dropped: {
      ...counts.dropped,
      ...(spanBudget === 0 ? {} : { span_budget: spanBudget }),
      ...(folded === 0 ? {} : { folded }),
    },
  };
}
