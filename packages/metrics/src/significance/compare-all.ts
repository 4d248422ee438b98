import {
  type ComparePairedOptions,
  comparePaired,
  type PairedComparison,
} from './compare-paired.ts';
import { holm } from './holm.ts';

export interface AdjustedComparison extends PairedComparison {
  /** p-values adjusted by Holm for the number of candidates, within each test. */
  readonly adjustedPValues: { readonly tTest: number; readonly wilcoxon: number };
}

/**
 * `comparePaired` of every candidate with one baseline, by name, with Holm's
 * adjustment over the candidates. It covers these candidates, one metric and
 * one test: choosing afterwards between metrics or tests is one more family.
 *
 * The candidates draw from `random` one after another, in the order of their keys.
 *
 * @throws {RangeError} as `comparePaired`
 */
export function compareAll<Name extends string>(
  baseline: ArrayLike<number>,
  candidates: Readonly<Record<Name, ArrayLike<number>>>,
  options: ComparePairedOptions,
): Record<Name, AdjustedComparison> {
  const names = Object.keys(candidates) as Name[];
  const comparisons = names.map((name) => comparePaired(baseline, candidates[name], options));
  const tTest = holm(comparisons.map((comparison) => comparison.tTest.pValue));
  const wilcoxon = holm(comparisons.map((comparison) => comparison.wilcoxon.pValue));

  return Object.fromEntries(
    comparisons.map((comparison, index) => [
      names[index]!,
      { ...comparison, adjustedPValues: { tTest: tTest[index]!, wilcoxon: wilcoxon[index]! } },
    ]),
  ) as Record<Name, AdjustedComparison>;
}
