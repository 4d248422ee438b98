import { writeJson } from '@rodpo/files';
import type { NegativeRates, Weights, Workspace } from '@rodpo/recipe';
import type { Run } from '../run/run.ts';
import { alignStage } from './align.ts';
import { evaluateModel, type ModelFigures } from './evaluate-model.ts';
import { gainOver } from './gain-over.ts';

interface ModelResult extends Pick<ModelFigures, 'test' | 'validation'> {
  /** Gain of each test figure over pretraining alone, as a share; null over a figure of 0. */
  readonly gain: Readonly<Record<string, number | null>>;
  /** Means over the alignment of the rates that `countNegatives` explains. */
  readonly negatives?: NegativeRates;
}

/** Results by model: `pretrained` first, then each strategy. */
export type Summary = Readonly<Record<string, ModelResult>>;

/**
 * Ranks every user's held-out items among the whole catalogue under each model, and writes
 * `summary.json`. Figures and, for significance tests, every user's rank are saved model by model.
 */
export async function evaluate(
  run: Run,
  workspace: Workspace,
  models: Readonly<Record<string, Weights>>,
): Promise<Summary> {
  const ranker = await workspace.evaluation(Object.values(models)[0]!);
  const figures: Record<string, ModelFigures> = {};
  for (const [name, weights] of Object.entries(models)) {
    figures[name] = await evaluateModel(run, ranker, name, weights);
  }
  return summarise(run, figures);
}

/** Writes `summary.json` of the models' figures, the pretrained one's first. */
export async function summarise(
  run: Run,
  figures: Readonly<Record<string, ModelFigures>>,
): Promise<Summary> {
  const summary: Record<string, ModelResult> = {};
  for (const [name, { test, validation }] of Object.entries(figures)) {
    const baseline = summary.pretrained?.test ?? test;
    const gain = Object.entries(test).map(([metric, value]) => {
      const before = baseline[metric]!;
      return [metric, gainOver(before, value - before)] as const;
    });
    summary[name] = {
      test,
      validation,
      gain: Object.fromEntries(gain),
      ...(await negativesOf(run, name)),
    };
  }
  await run.assertOwned();
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
