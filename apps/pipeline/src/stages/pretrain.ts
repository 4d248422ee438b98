import type { Program } from '@rodpo/compile';
import { deriveSeed, gaussianRandom, seededRandom } from '@rodpo/random';
import { type Config, ConfigError } from '../config.ts';
import type { Dataset } from '../data/dataset.ts';
import { historyWidth, packExcluded } from '../data/pack-excluded.ts';
import { type TrainingBatch, type TrainingSet, trainingSet } from '../data/training-set.ts';
import { type Model, openModel } from '../model/model.ts';
import type { Run } from '../run/run.ts';
import { pretrainSpecs, pretrainStep } from '../steps/pretrain-step.ts';
import { createValidationRanker } from './rank.ts';
import { figuresOf, finishedWeights, train, trainingState, type Weights } from './train.ts';

/** Teaches the encoder what comes next, by `pretrain.loss`. */
export async function pretrain(run: Run, dataset: Dataset): Promise<Weights> {
  const { config } = run;
  const finished = await finishedWeights(run, 'pretrain', config.pretrain);
  if (finished) return finished;
  const set = trainingSet(dataset, config);
  checkNegatives(config, set);
  const model = await openModel(run, dataset);
  for (const line of model.matches) run.reporter.say(line);
  const initial = initialWeights(run, model);
  const ranker = await createValidationRanker(run, dataset, model, initial);
  const program = await pretrainProgram(run, model, initial);
  try {
    return await train(run, {
      ...config.pretrain,
      stage: 'pretrain',
      program,
      set,
      extend: (batch) => negativeInputs(config, set, batch),
      measure: figuresOf,
      ranker,
    });
  } finally {
    await program.dispose();
    await ranker.dispose();
  }
}

/** More negatives than there are other items would be drawn at a rate above 1, which gBCE has not. */
function checkNegatives({ pretrain: { loss } }: Config, { itemCount }: TrainingSet): void {
  if (loss.kind !== 'gbce' || loss.negatives < itemCount) return;
  throw new ConfigError(
    `pretrain.loss.negatives must be below the number of items (${itemCount}), got ` +
      `${loss.negatives}. Draw fewer, or take the loss 'softmax', which compares with all.`,
  );
}

/** Untrained weights, decided by the run's seed. */
export function initialWeights({ config }: Pick<Run, 'config'>, { encoder }: Model): Weights {
  return encoder.initialize(gaussianRandom(seededRandom(deriveSeed(config.seed, 'weights'))));
}

export function pretrainProgram(
  { config, engine }: Pick<Run, 'config' | 'engine'>,
  { encoder, features }: Model,
  weights: Weights,
): Promise<Program> {
  return engine.program(pretrainStep(config, encoder), {
    state: { ...trainingState(weights, encoder), ...features },
    inputs: pretrainSpecs(config),
  });
}

/** What a step reads beside the batch: items that are no negatives, if negatives are drawn. */
export function negativeInputs(
  config: Config,
  set: TrainingSet,
  batch: TrainingBatch,
): TrainingBatch['inputs'] {
  if (config.pretrain.loss.kind === 'softmax') return {};
  return { excluded: packExcluded(batch, set, historyWidth(config)) };
}
