import type { Program } from '@rodpo/compile';
import { initSasrec } from '@rodpo/encoder';
import { deriveSeed, gaussianRandom, seededRandom } from '@rodpo/random';
import type { Dataset } from '../data/dataset.ts';
import { trainingSet } from '../data/training-set.ts';
import type { Run } from '../run/run.ts';
import { pretrainSpecs, pretrainStep } from '../steps/pretrain-step.ts';
import { createRanker } from './rank.ts';
import { finishedWeights, train, trainingState, type Weights } from './train.ts';

/** Teaches the encoder what comes next, by cross-entropy over the whole catalogue. */
export async function pretrain(run: Run, dataset: Dataset): Promise<Weights> {
  const { config } = run;
  const finished = await finishedWeights(run, 'pretrain', config.pretrain);
  if (finished) return finished;
  const initial = initialWeights(run, dataset);
  const ranker = await createRanker(run, dataset, initial);
  const program = await pretrainProgram(run, initial);
  try {
    return await train(run, {
      ...config.pretrain,
      stage: 'pretrain',
      program,
      set: trainingSet(dataset, config),
      measure: ({ loss }) => ({ loss: loss![0]! }),
      validate: (weights) => ranker.metrics(weights, 'validation'),
    });
  } finally {
    await program.dispose();
    await ranker.dispose();
  }
}

/** Untrained weights, decided by the run's seed. */
export function initialWeights({ config }: Run, { itemIds }: Dataset): Weights {
  const normal = gaussianRandom(seededRandom(deriveSeed(config.seed, 'weights')));
  return initSasrec({ ...config.encoder, itemCount: itemIds.length }, normal);
}

export function pretrainProgram(
  { config, engine }: Pick<Run, 'config' | 'engine'>,
  weights: Weights,
): Promise<Program> {
  return engine.program(pretrainStep(config), {
    state: trainingState(weights),
    inputs: pretrainSpecs(config),
  });
}
