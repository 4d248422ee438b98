/** `log(n!)` for n from 0 to `highest`: `[highest + 1]`. */
export function logFactorials(highest: number): Float64Array {
  const values = new Float64Array(highest + 1);
  for (let n = 2; n <= highest; n++) values[n] = values[n - 1]! + Math.log(n);
  return values;
}

export interface DnsShape {
  /** How many items the row allows. */
  readonly allowedCount: number;
  /** How many of them are candidates: 1 to `allowedCount`. */
  readonly candidateCount: number;
  /** How many candidates are kept: 1 to `candidateCount`. */
  readonly keep: number;
}

/**
 * The logarithm of the probability that the item of rank `rank`, from 1, is drawn when N of n items
 * are candidates, all sets equally likely, the M best of these are kept and one of them is drawn:
 *
 * `q(r) = 1/M · Σ_{j<M} C(r − 1, j) · C(n − r, N − 1 − j) / C(n, N)`
 *
 * The j-th term counts the sets that hold the item, j of the r − 1 better ones, and for the rest
 * worse ones; with fewer than M better ones the item is kept, and drawn once in M times.
 */
export function dnsLogProbability(
  rank: number,
  { allowedCount, candidateCount, keep }: DnsShape,
  logFactorial: Float64Array,
): number {
  const better = rank - 1;
  const worse = allowedCount - rank;
  const choose = (n: number, k: number) =>
    logFactorial[n]! - logFactorial[k]! - logFactorial[n - k]!;
  const first = Math.max(0, candidateCount - 1 - worse);
  const last = Math.min(keep - 1, better, candidateCount - 1);
  if (first > last) return -Infinity;

  const logTerm = (j: number) => choose(better, j) + choose(worse, candidateCount - 1 - j);
  let highest = -Infinity;
  for (let j = first; j <= last; j++) highest = Math.max(highest, logTerm(j));
  let sum = 0;
  for (let j = first; j <= last; j++) sum += Math.exp(logTerm(j) - highest);
  return highest + Math.log(sum / keep) - choose(allowedCount, candidateCount);
}
