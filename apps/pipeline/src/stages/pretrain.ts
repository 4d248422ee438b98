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
  const { config, engine } = run;
  const finished = await finishedWeights(run, 'pretrain', config.pretrain);
  if (finished) return finished;
  const set = trainingSet(dataset, config);
  const normal = gaussianRandom(seededRandom(deriveSeed(config.seed, 'weights')));
  const initial = initSasrec({ ...config.encoder, itemCount: set.itemCount }, normal);
  const ranker = await createRanker(run, dataset, initial);
  const program = await engine.program(pretrainStep(config), {
    state: trainingState(initial),
    inputs: pretrainSpecs(config),
  });
  try {
    return await train(run, {
      ...config.pretrain,
      stage: 'pretrain',
      program,
      set,
      measure: ({ loss }) => ({ loss: loss![0]! }),
      validate: (weights) => ranker.metrics(weights, 'validation'),
    });
  } finally {
    await program.dispose();
    await ranker.dispose();
  }
}
