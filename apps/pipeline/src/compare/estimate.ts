import { overSeeds } from '@rodpo/metrics';
import type { Estimate } from './comparison.ts';

/** Mean and standard error over seeds; one seed shows no variation to tell an error from. */
export function estimate(values: readonly number[]): Estimate {
  if (values.length === 1) return { mean: values[0]!, standardError: null };
  const { mean, standardError } = overSeeds(values);
  return { mean, standardError };
}
