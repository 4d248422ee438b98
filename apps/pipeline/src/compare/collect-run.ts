import type { BothRanks } from '@rodpo/recipe';
import type { Run } from '../run/run.ts';
import { stageOf } from '../stages/align.ts';
import { savedFigures, savedRanks } from '../stages/evaluate-model.ts';
import { bestEpoch } from './best-epoch.ts';
import type { RunResult } from './comparison.ts';
import { mean, userValues } from './user-values.ts';

/** What one model left in one run folder. */
export interface CollectedRun {
  readonly result: RunResult;
  /** Of the test part: one value per user, by metric. */
  readonly users: Readonly<Record<string, Float64Array>>;
  /** Of the test part. */
  readonly ranks: BothRanks;
}

/** Reads what a model left; metrics are computed from the saved ranks. */
export async function collectRun(
  run: Run,
  model: string,
  metrics: readonly string[],
): Promise<CollectedRun> {
  const { test, validation } = await savedRanks(run, model);
  const { rankSeconds, peakMemoryBytes } = await savedFigures(run, model);
  const epochs = await run.logged(stageOf(model));
  const users = byMetric(metrics, (metric) => userValues(test, metric));
  return {
    users,
    ranks: test,
    result: {
      seed: run.config.seed,
      test: byMetric(metrics, (metric) => mean(users[metric]!)),
      validation: byMetric(metrics, (metric) => mean(userValues(validation, metric))),
      bestEpoch: bestEpoch(epochs).epoch,
      epochs,
      // A time that was lost with its line is null, and the sum then is not known.
      trainSeconds: epochs.reduce((total, { seconds }) => total + Number(seconds ?? Number.NaN), 0),
      rankSeconds,
      rankedUsers: test.all.length,
      peakMemoryBytes,
    },
  };
}

export function byMetric<Value>(
  metrics: readonly string[],
  of: (metric: string) => Value,
): Record<string, Value> {
  return Object.fromEntries(metrics.map((metric) => [metric, of(metric)]));
}
