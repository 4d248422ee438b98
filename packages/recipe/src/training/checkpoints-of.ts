import { createHash } from 'node:crypto';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { bestInMemory, type Checkpoints } from './checkpoints.ts';
import { folderCheckpoints } from './folder-checkpoints.ts';
import type { TrainingHooks } from './train.ts';

/** What a training is, for telling whether another one is the same. */
interface Description {
  readonly stage: string;
  readonly settings: object;
  readonly start: Weights;
}

/**
 * Where a training is kept. A folder keeps with it what decides the result, but for when training
 * stops: settings as JSON, functions among them by their source.
 */
export function checkpointsOf(
  { checkpoints = bestInMemory() }: TrainingHooks,
  { seed, layout, set }: Pick<Workspace, 'seed' | 'layout' | 'set'>,
  { stage, settings, start }: Description,
): Checkpoints {
  if (typeof checkpoints !== 'string') return checkpoints;
  const hash = createHash('sha256');
  const described = { settings, seed, layout };
  hash.update(JSON.stringify(described, (_, value) => (isFunction(value) ? `${value}` : value)));
  for (const user of set.lengths.keys()) hash.update(set.items(user));
  for (const [name, { data }] of Object.entries(start)) hash.update(name).update(data);
  return folderCheckpoints(checkpoints, stage, hash.digest('hex'));
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
