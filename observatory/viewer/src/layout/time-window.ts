// The part of a trace's time that is shown, and the marks on its axis.

export interface TimeWindow {
  readonly fromNs: number;
  readonly toNs: number;
}

/** The shortest time that is shown: a microsecond. */
const SHORTEST_NS = 1_000;

/** A window within `whole`, at least a microsecond long. */
export function clampWindow(window: TimeWindow, whole: TimeWindow): TimeWindow {
  const length = Math.max(SHORTEST_NS, Math.min(window.toNs - window.fromNs, whole.toNs - whole.fromNs));
  const fromNs = Math.min(Math.max(window.fromNs, whole.fromNs), Math.max(whole.fromNs, whole.toNs - length));
  return { fromNs, toNs: fromNs + length };
}

/** The window scaled by `factor` around a time: below 1 nearer, above 1 farther. */
export function zoom(window: TimeWindow, whole: TimeWindow, factor: number, aroundNs: number): TimeWindow {
  const fromNs = aroundNs - (aroundNs - window.fromNs) * factor;
  const toNs = aroundNs + (window.toNs - aroundNs) * factor;
  return clampWindow({ fromNs, toNs }, whole);
}

/** The window moved by a share of its own length. */
export function pan(window: TimeWindow, whole: TimeWindow, share: number): TimeWindow {
  const by = (window.toNs - window.fromNs) * share;
  return clampWindow({ fromNs: window.fromNs + by, toNs: window.toNs + by }, whole);
}

/** Where a time lies in the window, 0 to 1 when within. */
export function shareAt(timeNs: number, { fromNs, toNs }: TimeWindow): number {
  return toNs === fromNs ? 0 : (timeNs - fromNs) / (toNs - fromNs);
}

const STEPS = [1, 2, 5, 10];

/** Round times within the window, about `count` of them. */
export function ticks({ fromNs, toNs }: TimeWindow, count: number): number[] {
  const rough = (toNs - fromNs) / Math.max(1, count);
  if (!(rough > 0)) return [fromNs];
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * (STEPS.find((one) => one * magnitude >= rough) ?? 10);
  const first = Math.ceil(fromNs / step);
  const last = Math.floor(toNs / step);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}
