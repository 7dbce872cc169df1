// Holm's correction: many questions asked at once, and still a small chance of even one false alarm.

/**
 * Corrects the p-values of questions asked together, in their order: calling everything below α significant then raises a
 * false alarm anywhere among them with a probability of at most α.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  const corrected = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues[index] as number) * (pValues.length - rank)));
    corrected[index] = largest;
  });
  return corrected;
}
