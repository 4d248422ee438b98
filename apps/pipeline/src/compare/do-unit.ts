import { removeTensors } from '@rodpo/files';
import { interruptible, type Weights, type Workspace } from '@rodpo/recipe';
import { bestFile, latestFile } from '../run/checkpoints.ts';
import { ownedBy, type Run } from '../run/run.ts';
import { writeResult } from '../run/saved-result.ts';
import { align, alignStage } from '../stages/align.ts';
import { evaluateModel } from '../stages/evaluate-model.ts';
import { extractFeatures } from '../stages/extract.ts';
import { prepare } from '../stages/prepare.ts';
import { pretrain } from '../stages/pretrain.ts';
import { preparedDataset, trainedModels } from '../stages/results.ts';
import { withWorkspace } from '../stages/workspace.ts';
import { bestEpoch } from './best-epoch.ts';
import { requireDraws } from './check-settings.ts';
import type { ComparisonFolder } from './comparison-folder.ts';
import { type TrialResult, trialFile, trialName, tunedStrategy } from './trials.ts';
import { withCombination } from './tuning.ts';
import { runOfUnit } from './unit-results.ts';
import { type AlignUnit, describeUnit, strategiesOf, type TrialUnit, type Unit } from './units.ts';

/** What a queue tells whoever does one of its units. */
export interface UnitWork extends Pick<Run, 'assertOwned'> {
  /** Aborts when the unit was given to another worker, or the work is to end. */
  readonly signal: AbortSignal;
}

/** Does a unit, from where it was interrupted. Done again, it leaves the same. */
export async function doUnit(
  comparison: ComparisonFolder,
  unit: Unit,
  work?: UnitWork,
): Promise<void> {
  const run = workedOn(await runOfUnit(comparison, unit), work);
  switch (unit.phase) {
    case 'prepare':
      return prepareAll(comparison, run);
    case 'pretrain':
      return pretrainAndRank(run);
    case 'trials':
      return tryOut(comparison, run, unit);
    case 'align':
      return alignAndRank(comparison, run, unit);
  }
}

function workedOn(run: Run, work?: UnitWork): Run {
  if (!work) return run;
  const { signal, assertOwned } = work;
  const engine = interruptible(run.engine, signal);
  return { ...ownedBy(run, assertOwned), signal, engine };
}

async function prepareAll(comparison: ComparisonFolder, run: Run): Promise<void> {
  const { itemIds } = await prepare(run);
  requireDraws(comparison, itemIds.length);
  await extractFeatures(run);
}

async function pretrainAndRank(run: Run): Promise<void> {
  await withWorkspace(run, await preparedDataset(run), async (workspace) =>
    rank(run, workspace, 'pretrained', await pretrain(run, workspace)),
  );
}

async function alignAndRank(
  comparison: ComparisonFolder,
  run: Run,
  { encoder, strategy: name }: AlignUnit,
): Promise<void> {
  const known = strategiesOf(comparison.settings, encoder);
  const own = known.find(({ strategy }) => strategy.name === name)!;
  const strategy = await tunedStrategy(comparison, encoder, own);
  const { pretrained } = await trainedModels(run, ['pretrained']);
  await withWorkspace(run, await preparedDataset(run), async (workspace) =>
    rank(run, workspace, name, await align(run, workspace, pretrained!, strategy)),
  );
}

async function rank(run: Run, workspace: Workspace, name: string, weights: Weights) {
  await evaluateModel(run, await workspace.evaluation(weights), name, weights);
}

async function tryOut(comparison: ComparisonFolder, run: Run, unit: TrialUnit): Promise<void> {
  const { strategies, tuning } = comparison.settings;
  const own = strategies.find(({ name }) => name === unit.strategy)!;
  const strategy = { ...withCombination(own, unit.combination), name: trialName(unit) };
  const { pretrained } = await trainedModels(run, ['pretrained']);
  await withWorkspace(run, await preparedDataset(run), (workspace) =>
    align(run, workspace, pretrained!, strategy),
  );

  const stage = alignStage(strategy);
  const best = bestEpoch(await run.logged(stage));
  const result: TrialResult = { validation: Number(best[`validation ${tuning!.metric}`]) };
  await writeResult(run, trialFile(run, unit), describeUnit(unit), result);
  // A trial leaves a figure: its weights would fill the disk.
  await Promise.all([bestFile(run, stage), latestFile(run, stage)].map(removeTensors));
}
