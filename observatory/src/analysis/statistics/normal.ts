// The normal distribution: how unlikely a deviation is, and which deviation is that unlikely.

/** Probability that a normal variable lies at least `z` standard deviations from its mean, to either side. */
export function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  // Complementary error function by a Chebyshev fit, relative error below 1.2e-7 everywhere.
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const exponent = terms.reduceRight((sum, term) => term + t * sum, 0);
  return Math.min(1, t * Math.exp(-x * x + exponent));
}

/** The deviation below which a normal variable stays with probability `p` (0 to 1, exclusive), in standard deviations. */
export function probit(p: number): number {
  if (p < 0.5) return -probit(1 - p);
  const tail = 2 * (1 - p);
  let [low, high] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (twoSided(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
