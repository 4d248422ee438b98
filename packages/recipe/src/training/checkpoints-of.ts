import { bestInMemory, type Checkpoints } from './checkpoints.ts';
import { folderCheckpoints } from './folder-checkpoints.ts';
import type { TrainingHooks } from './train.ts';
import {
  type IdentifiedTraining,
  type IdentifiedWorkspace,
  trainingIdentity,
} from './training-identity.ts';

/** Where a training is kept. A folder keeps its identity with it, and refuses another one. */
export function checkpointsOf(
  { checkpoints = bestInMemory() }: TrainingHooks,
  workspace: IdentifiedWorkspace,
  { stage, ...training }: IdentifiedTraining & { readonly stage: string },
): Checkpoints {
  if (typeof checkpoints !== 'string') return checkpoints;
  return folderCheckpoints(checkpoints, stage, trainingIdentity(workspace, training));
}
