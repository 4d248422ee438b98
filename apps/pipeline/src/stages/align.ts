import { align as alignWith, pretrain, type Weights, type Workspace } from '@rodpo/recipe';
import { type AlignSettings, alignSettings, type Strategy } from '../config/align-settings.ts';
import { baseline } from '../config/config-problems.ts';
import { requireBytes } from '../run/memory.ts';
import type { Run } from '../run/run.ts';
import { trainingHooks } from './training-hooks.ts';

export const alignStage = ({ name }: Pick<Strategy, 'name'>): string => `align-${name}`;

/** The stage that trains a model, by its name: the baseline is what pretraining leaves. */
export const stageOf = (model: string): string =>
  model === baseline ? 'pretrain' : alignStage({ name: model });

/** Aligns the pretrained encoder by DPO with the strategy's negatives. */
export async function align(
  run: Run,
  workspace: Workspace,
  pretrained: Weights,
  ownSettings: Strategy,
): Promise<Weights> {
  const strategy = alignSettings(run.config.align, ownSettings);
  const stage = alignStage(strategy);
  if (strategy.loss === 'pretrain') return pretrainOn(run, workspace, pretrained, strategy);
  const { loss, ...settings } = strategy;
  const isKept = strategy.loss !== 'none' && strategy.margin !== 'same-dropout';
  if (isKept && workspace.itemRows !== 'host') requireReferenceMemory(workspace);
  await run.rewind(stage);
  const hooks = trainingHooks(run, stage);
  const { weights } = await alignWith(workspace, pretrained, {
    ...settings,
    loss,
    name: stage,
    ...hooks,
  });
  return weights;
}

/** The control that goes on as pretraining did, as long and as fast as alignment. */
async function pretrainOn(
  run: Run,
  workspace: Workspace,
  initial: Weights,
  { name, learningRate, dropout, maxEpochs, patience }: AlignSettings,
): Promise<Weights> {
  const stage = alignStage({ name });
  await run.rewind(stage);
  const { weights } = await pretrain(workspace, {
    ...{ loss: run.config.pretrain.loss, learningRate, dropout, maxEpochs, patience },
    initial,
    name: stage,
    ...trainingHooks(run, stage),
  });
  return weights;
}

function requireReferenceMemory({ set, encoder }: Workspace): void {
  const bytes = Float32Array.BYTES_PER_ELEMENT * set.tokenCount * encoder.width;
  const advice = 'encoder.dimension or encoder.maxLength';
  requireBytes([{ of: `a vector of each of ${set.tokenCount} training tokens`, bytes, advice }]);
}
