// Shares as JSON has them: 0 to 1, to a hundredth of a percent.

export function roundShare(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
