import { deriveSeed } from '@rodpo/random';
import { trainingBatches, type Workspace } from '@rodpo/recipe';
import type { Batch, Stretch } from './batch.ts';
import { trainingItems } from './sequences.ts';

export interface SeededBatch {
  readonly batch: Batch;
  readonly seed: number;
  readonly step: number;
}

export interface EpochOptions {
  readonly stage: string;
  readonly epoch: number;
  readonly positions: Batch['positions'];
}

/**
 * The batches of an epoch: of the app only who lies where is taken, the items are read from the
 * dataset. Each epoch of a stage has its own seed, and a step's number counts from 0.
 */
export function epochBatches(
  { dataset, set, layout, seed: runSeed }: Workspace,
  { stage, epoch, positions }: EpochOptions,
): SeededBatch[] {
  const seed = deriveSeed(runSeed, stage, epoch);
  const { maxLength, rowLength } = layout;
  const batches = trainingBatches(set, layout, seed);
  return Array.from(batches, ({ packed }, step) => {
    const stretches = packed.placements.map(
      ({ sequence: user, row, offset }): Stretch => ({
        user,
        items: trainingItems(dataset.sequences.at(user)!, maxLength),
        row,
        offset,
      }),
    );
    const itemCount = dataset.itemIds.length;
    return { batch: { stretches, rowLength, itemCount, positions }, seed, step };
  });
}
