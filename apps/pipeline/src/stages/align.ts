import { align as alignWith, type Weights, type Workspace } from '@rodpo/recipe';
import { alignSettings, type Strategy } from '../config/align-settings.ts';
import { requireBytes } from '../run/memory.ts';
import type { Run } from '../run/run.ts';
import { trainingHooks } from './training-hooks.ts';

export const alignStage = ({ name }: Pick<Strategy, 'name'>): string => `align-${name}`;

/** Aligns the pretrained encoder by DPO with the strategy's negatives. */
export async function align(
  run: Run,
  workspace: Workspace,
  pretrained: Weights,
  ownSettings: Strategy,
): Promise<Weights> {
  const strategy = alignSettings(run.config.align, ownSettings);
  const stage = alignStage(strategy);
  const isKept = strategy.loss !== 'none' && strategy.margin !== 'same-dropout';
  if (isKept && workspace.itemRows !== 'host') requireReferenceMemory(workspace);
  await run.rewind(stage);
  const hooks = trainingHooks(run, stage);
  const { weights } = await alignWith(workspace, pretrained, {
    ...strategy,
    name: stage,
    ...hooks,
  });
  return weights;
}

function requireReferenceMemory({ set, encoder }: Workspace): void {
  const bytes = Float32Array.BYTES_PER_ELEMENT * set.tokenCount * encoder.width;
  const advice = 'encoder.dimension or encoder.maxLength';
  requireBytes([{ of: `a vector of each of ${set.tokenCount} training tokens`, bytes, advice }]);
}
