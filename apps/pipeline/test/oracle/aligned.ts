/** An alignment by the app, watched, and the same steps as the oracle reads them. */

import type { Weights } from '@rodpo/recipe';
import type { AlignSettings } from '../../src/config/align-settings.ts';
import type { Config } from '../../src/config/config.ts';
import { align } from '../../src/stages/align.ts';
import type { WatchedStep } from '../watched-engine.ts';
import type { AlignStep } from './align.ts';
import { plain, type SmallRun, sharpWeights, smallRun } from './case.ts';
import { encodeBatch } from './encode-batch.ts';
import { epochBatches, type SeededBatch } from './epoch-batches.ts';
import { noiseOf } from './noise.ts';
import { trainingItems } from './sequences.ts';

export type Settings = Readonly<Record<string, unknown>>;

const section = {
  beta: 0.6,
  crossEntropyWeight: 0.7,
  learningRate: 0.02,
  dropout: 0,
  maxEpochs: 2,
  patience: 2,
};

export interface Aligned {
  readonly small: SmallRun;
  /** What alignment began with; later policies are others. */
  readonly pretrained: Weights;
  readonly strategy: AlignSettings;
  readonly steps: readonly WatchedStep[];
  readonly kept: Weights;
}

export async function aligned(
  kind: Config['engine']['kind'],
  own: Settings,
  changes: Record<string, object> = {},
): Promise<Aligned> {
  const small = await smallRun(kind, { ...changes, align: { ...section, strategies: [own] } });
  const { run, workspace, engine } = small;
  const strategy = run.config.align.strategies[0]!;
  const pretrained = sharpWeights(workspace, 5);
  const kept = await align(run, workspace, pretrained, strategy);
  // A strategy's own settings go before those of its section.
  const settings = {
    ...section,
    exclude: 'history',
    positions: 'all',
    margin: run.config.align.margin,
    ...strategy,
  } as AlignSettings;
  return { small, pretrained, strategy: settings, steps: engine.steps, kept };
}

/** The batches of one epoch of an alignment. */
export function batchesOf({ small, strategy }: Aligned, epoch: number): SeededBatch[] {
  const options = { stage: `align-${strategy.name}`, epoch, positions: strategy.positions };
  return epochBatches(small.workspace, options);
}

export async function oracleStep(
  { small, strategy, pretrained }: Aligned,
  { batch, seed, step }: SeededBatch,
): Promise<AlignStep> {
  const { run, sizes } = small;
  const count = strategy.loss === 'none' ? 0 : strategy.count;
  const options = { dropout: strategy.dropout, count };
  const noise = await noiseOf(run.config, options, { seed, step });
  const reference = plain(pretrained);
  const shared = strategy.margin === 'same-dropout' ? noise.dropoutOf : undefined;
  const frozen = encodeBatch(reference, sizes, batch, shared);
  return { sizes, batch, strategy, reference, frozen, counts: itemCounts(small), ...noise };
}

/** How often each item stands in what is read of the training part. */
function itemCounts({ dataset, run }: SmallRun): number[] {
  const counts = dataset.itemIds.map(() => 0);
  for (const sequence of dataset.sequences) {
    for (const item of trainingItems(sequence, run.config.encoder.maxLength)) counts[item]!++;
  }
  return counts;
}
