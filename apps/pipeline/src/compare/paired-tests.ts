import { holm, pairedTTest } from '@rodpo/metrics';
import { gainOver } from '../stages/gain-over.ts';
import type { PairedTest } from './comparison.ts';
import { mean } from './user-values.ts';

/** One metric of every user under a strategy's model and under its baseline: `[userCount]` each. */
export interface Pair {
  readonly candidate: Float64Array;
  readonly baseline: Float64Array;
}

/**
 * Student's paired tests over users, two-sided, with Holm's adjustment over all of them: pass every
 * strategy of every encoder, of one metric.
 */
export function pairedTests(pairs: readonly Pair[]): PairedTest[] {
  const tests = pairs.map(({ candidate, baseline }) => pairedTTest(candidate, baseline));
  // Where no user differs, the test has nothing to divide by, and there is nothing to find.
  const pValues = tests.map(({ pValue }) => (Number.isNaN(pValue) ? 1 : pValue));
  const adjusted = holm(pValues);
  return tests.map(({ meanDifference, confidenceInterval: [low, high] }, index) => {
    const { candidate, baseline } = pairs[index]!;
    const before = mean(baseline);
    return {
      gain: gainOver(before, mean(candidate) - before),
      difference: meanDifference,
      interval: [low, high],
      pValue: pValues[index]!,
      adjustedPValue: adjusted[index]!,
    };
  });
}
