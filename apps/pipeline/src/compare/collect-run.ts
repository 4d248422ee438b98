import type { BothRanks } from '@rodpo/recipe';
import { baseline } from '../config/config-problems.ts';
import type { Run } from '../run/run.ts';
import { stageOf } from '../stages/align.ts';
import { maskedPrefix, savedFigures, savedRanks } from '../stages/evaluate-model.ts';
import { bestEpoch } from './best-epoch.ts';
import type { RunResult } from './comparison.ts';
import { contributionsOf, type UserContributions } from './contributions.ts';
import { mean, userValues } from './user-values.ts';

/** What one model left in one run folder. */
export interface CollectedRun {
  readonly result: RunResult;
  /** Of the test part: one value per user, by metric. */
  readonly users: Readonly<Record<string, Float64Array>>;
  /** To what the model gains over the baseline, by metric; none to the baseline itself. */
  readonly contributions: Readonly<Record<string, UserContributions>>;
}

/** Reads what a model left; metrics, with the history in the ranking and left out, are computed from the saved ranks. */
export async function collectRun(
  run: Run,
  model: string,
  plain: readonly string[],
): Promise<CollectedRun> {
  const metrics = bothWays(plain);
  const { test, validation } = await savedRanks(run, model);
  const { rankSeconds, peakMemoryBytes } = await savedFigures(run, model);
  const epochs = await run.logged(stageOf(model));
  const users = byMetric(metrics, (metric) => userValues(test, metric));
  return {
    users,
    contributions: model === baseline ? {} : await contributionsOfRun(run, test, plain),
    result: {
      seed: run.config.seed,
      test: byMetric(metrics, (metric) => mean(users[metric]!)),
      validation: byMetric(metrics, (metric) => mean(userValues(validation, metric))),
      bestEpoch: bestEpoch(epochs).epoch,
      epochs,
      // A time that was lost with its line is null, and the sum then is not known.
      trainSeconds: epochs.reduce((total, { seconds }) => total + Number(seconds ?? Number.NaN), 0),
      rankSeconds,
      peakMemoryBytes,
    },
  };
}

async function contributionsOfRun(
  run: Run,
  ranks: BothRanks,
  metrics: readonly string[],
): Promise<Readonly<Record<string, UserContributions>>> {
  const before = await savedRanks(run, baseline);
  return byMetric(metrics, (metric) => contributionsOf(before.test, ranks, metric));
}

/** The metrics, and the same with the history left out. */
export function bothWays(metrics: readonly string[]): string[] {
  return [...metrics, ...metrics.map((metric) => maskedPrefix + metric)];
}

export function byMetric<Value>(
  metrics: readonly string[],
  of: (metric: string) => Value,
): Record<string, Value> {
  return Object.fromEntries(metrics.map((metric) => [metric, of(metric)]));
}
