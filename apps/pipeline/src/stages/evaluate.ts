import { rankMetrics, relativeGain } from '@rodpo/metrics';
import { writeSafetensors } from '@rodpo/trainer';
import type { Dataset } from '../data/dataset.ts';
import { openModel } from '../model/model.ts';
import { type Run, writeJson } from '../run/run.ts';
import { alignStage } from './align.ts';
import type { NegativeRates } from './count-negatives.ts';
import { createRanker, reportedCutoffs } from './rank.ts';
import type { Weights } from './train.ts';

interface ModelResult {
  readonly test: Readonly<Record<string, number>>;
  readonly validation: Readonly<Record<string, number>>;
  /** Gain of each test figure over pretraining alone, as a share. */
  readonly gain: Readonly<Record<string, number>>;
  /** Means over the alignment of the rates that `countNegatives` explains. */
  readonly negatives?: NegativeRates;
}

/** Results by model: `pretrained` first, then each strategy. */
export type Summary = Readonly<Record<string, ModelResult>>;

/**
 * Ranks every user's held-out items among the whole catalogue under each model, and writes
 * `summary.json` and, for significance tests, every user's test rank to `ranks.safetensors`.
 */
export async function evaluate(
  run: Run,
  dataset: Dataset,
  models: Readonly<Record<string, Weights>>,
): Promise<Summary> {
  const ranker = await createRanker(
    run,
    dataset,
    await openModel(run, dataset),
    Object.values(models)[0]!,
  );
  const ranks: Record<string, { shape: number[]; data: Float32Array }> = {};
  const summary: Record<string, ModelResult> = {};
  for (const [name, weights] of Object.entries(models)) {
    const data = await ranker.ranks(weights, 'test');
    ranks[name] = { shape: [data.length], data };
    const test = rankMetrics(data, reportedCutoffs(run.config));
    const validation = await ranker.metrics(weights, 'validation');
    const baseline = summary.pretrained?.test ?? test;
    const gain = Object.entries(test).map(([k, value]) => [k, relativeGain(value, baseline[k]!)]);
    summary[name] = {
      test,
      validation,
      gain: Object.fromEntries(gain),
      ...(await negativesOf(run, name)),
    };
  }
  await ranker.dispose();
  await writeSafetensors(run.file('ranks.safetensors'), ranks);
  await writeJson(run.file('summary.json'), summary);
  return summary;
}

async function negativesOf(run: Run, name: string): Promise<Pick<ModelResult, 'negatives'>> {
  const entries = await run.logged(alignStage({ name }));
  if (entries.length === 0) return {};
  const mean = (figure: string) =>
    // JSON has no NaN: an unknown rate was logged as null.
    entries.reduce((sum, entry) => sum + Number(entry[figure] ?? Number.NaN), 0) / entries.length;
  return {
    negatives: {
      falseNegativeRate: mean('falseNegativeRate'),
      heldOutRate: mean('heldOutRate'),
      historyRate: mean('historyRate'),
    },
  };
}
