/** The probabilities of `from` to `from + probabilities.length - 1` successes; others are nil. */
export interface BinomialRow {
  readonly from: number;
  readonly probabilities: Float64Array;
}

/** Probabilities below this share of the largest are left out: together they are below rounding. */
const negligible = 1e-20;

/**
 * The binomial distribution of `trials` draws, where it is not negligible: from its mode outwards
 * by the ratio of neighbours, which overflows nowhere, and scaled to a sum of 1.
 */
export function binomialRow(trials: number, chance: number): BinomialRow {
  const mode = Math.min(trials, Math.floor((trials + 1) * chance));
  const odds = chance / (1 - chance);
  const below = tail(mode, (count) => count / ((trials - count + 1) * odds));
  const above = tail(trials - mode, (left) => (left / (trials - left + 1)) * odds);
  const weights = Float64Array.from([...below.reverse(), 1, ...above]);
  const sum = weights.reduce((total, weight) => total + weight);
  return { from: mode - below.length, probabilities: weights.map((weight) => weight / sum) };
}

/** Weights beside the mode's 1, nearest first, each `ratio(steps left)` of the one before. */
function tail(steps: number, ratio: (stepsLeft: number) => number): number[] {
  const weights: number[] = [];
  let weight = 1;
  for (let left = steps; left > 0; left--) {
    weight *= ratio(left);
    if (weight < negligible) break;
    weights.push(weight);
  }
  return weights;
}
