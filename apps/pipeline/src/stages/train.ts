import type { Program } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { actionable } from '@rodpo/errors';
import { FileDamagedError, type NamedArray } from '@rodpo/files';
import { deriveSeed } from '@rodpo/random';
import { adamState, fit } from '@rodpo/trainer';
import {
  epochTokens,
  type LearnedPositions,
  learnedTokens,
  type TrainingBatch,
  type TrainingSet,
  trainingBatches,
} from '../data/training-set.ts';
import { bestFile, loadBest, loadLatest, saveBest, saveLatest } from '../run/checkpoints.ts';
import type { LogEntry, Run } from '../run/run.ts';
import { untimed } from '../run/training-log.ts';
import { optimiserPrefix, prefixed, unprefixed, weightPrefix } from '../steps/tokens.ts';
import type { ValidationRanker } from './rank.ts';

export type Weights = Record<string, NamedArray>;
type Figures = Record<string, number>;
type StepOutputs = Awaited<ReturnType<Program['run']>>;

export interface TrainOptions extends Limits {
  /** Names the stage's log entries, checkpoints and random numbers. */
  readonly stage: string;
  readonly program: Program;
  readonly set: TrainingSet;
  /** Which tokens are learned from. Default 'all'. */
  readonly positions?: LearnedPositions;
  /** What a batch adds to the inputs every step reads. */
  readonly extend?: (batch: TrainingBatch) => TrainingBatch['inputs'];
  /** Figures of one step, averaged over the tokens that an epoch learns from. */
  readonly measure: (outputs: StepOutputs, batch: TrainingBatch) => Figures;
  /** Its `ndcg@10` decides which epoch's weights are kept. */
  readonly ranker: Pick<ValidationRanker, 'part' | 'metrics'>;
}

/** State of a training program at its start. */
export function trainingState(
  weights: Weights,
  { untrained }: Pick<SequenceEncoder, 'untrained'>,
): Record<string, NamedArray> {
  const trained = Object.entries(weights).filter(([name]) => !untrained.includes(name));
  return {
    ...prefixed(weights, weightPrefix),
    ...prefixed(adamState(Object.fromEntries(trained)), optimiserPrefix),
  };
}

/** A step's outputs as figures by name; a vector's elements become `name.0`, `name.1`, … */
export function figuresOf(outputs: StepOutputs): Figures {
  const named = Object.entries(outputs).flatMap(([name, values]) =>
    values.length === 1
      ? [[name, values[0]!] as const]
      : Array.from(values, (value, index) => [`${name}.${index}`, value] as const),
  );
  return Object.fromEntries(named);
}

/** What `train` needs to know of when to stop. */
export interface Limits {
  readonly maxEpochs: number;
  readonly patience: number;
}

/** The best weights of a stage that has run to its end; nothing if it has not. */
export async function finishedWeights(
  run: Run,
  stage: string,
  { maxEpochs, patience }: Limits,
): Promise<Weights | undefined> {
  const saved = await loadLatest(run, stage);
  if (!saved) return undefined;
  const { epoch, best } = saved.progress;
  if (epoch < maxEpochs && epoch - best.epoch < patience) return undefined;
  const weights = await bestWeights(run, stage, best.epoch);
  await run.rewind(stage);
  run.reporter.say(`${stage}: kept from an earlier run (best epoch ${best.epoch} of ${epoch})`);
  return weights;
}

/** @throws {FileDamagedError} if they are gone, damaged, or of another epoch */
async function bestWeights(run: Run, stage: string, epoch: number): Promise<Weights> {
  const weights = await loadBest(run, stage, epoch);
  if (weights) return weights;
  throw new FileDamagedError(bestFile(run, stage), {
    problem: `it is gone, and the checkpoint beside it says that epoch ${epoch} was the best`,
    advice: `Put it back, or delete the checkpoints of ${stage} to train it anew.`,
  });
}

/**
 * Trains until validation NDCG@10 stops improving, saving after every epoch, and returns the best
 * weights. A stage that was interrupted goes on after its last whole epoch, with the same result.
 */
export async function train(run: Run, options: TrainOptions): Promise<Weights> {
  const { stage, program, maxEpochs, patience, ranker } = options;
  const saved = await loadLatest(run, stage);
  if (saved) program.load(saved.state);
  await run.rewind(stage);

  const log = [...(saved?.log ?? [])];
  let figures: Figures = {};
  let validation: Figures = {};
  const { best } = await fit({
    maxEpochs,
    patience,
    ...(saved ? { progress: saved.progress } : {}),
    trainEpoch: async (epoch) => {
      figures = await trainEpoch(run, options, epoch);
    },
    validate: async () => {
      validation = await ranker.metrics(unprefixed(await program.state(), weightPrefix));
      return validation['ndcg@10']!;
    },
    onEpoch: async (now, isBest) => {
      const entry = { stage, epoch: now.epoch, ...figures, ...prefixed(validation, 'validation ') };
      const state = await program.state();
      if (isBest) await saveBest(run, stage, unprefixed(state, weightPrefix), now.epoch);
      await run.log(entry);
      log.push(untimed(entry));
      await saveLatest(run, stage, { state: trainedPart(state), progress: now, log });
      run.reporter.say(epochLine(entry, isBest));
    },
  });
  return bestWeights(run, stage, best.epoch);
}

/** A checkpoint holds what training changes, not the constants that a program carries beside. */
function trainedPart(state: Record<string, NamedArray>): Record<string, NamedArray> {
  const isTrained = (name: string) =>
    name.startsWith(weightPrefix) || name.startsWith(optimiserPrefix);
  return Object.fromEntries(Object.entries(state).filter(([name]) => isTrained(name)));
}

async function trainEpoch(run: Run, options: TrainOptions, epoch: number): Promise<Figures> {
  const { stage, program, set, positions = 'all', extend, measure } = options;
  const tokenCount = epochTokens(set, positions);
  const seed = deriveSeed(run.config.seed, stage, epoch);
  const started = performance.now();
  const bar = run.reporter.progress(`${stage} epoch ${epoch}`, tokenCount, 'examples');
  const sums: Figures = {};
  let step = 0;
  for (const batch of trainingBatches(set, run.config, seed, { positions })) {
    const inputs = { ...batch.inputs, ...extend?.(batch) };
    const outputs = await program.run(inputs, { seed, step: step++ });
    checkFinite(stage, epoch, outputs.loss![0]!);
    const tokens = learnedTokens(batch);
    for (const [name, value] of Object.entries(measure(outputs, batch))) {
      sums[name] = (sums[name] ?? 0) + value * tokens;
    }
    bar.advance(tokens, `loss ${outputs.loss![0]!.toFixed(4)}`);
  }
  const seconds = (performance.now() - started) / 1000;
  const means = Object.entries(sums).map(([name, sum]) => [name, sum / tokenCount]);
  bar.done(
    `${stage} epoch ${epoch}: ${seconds.toFixed(1)} s, ${(tokenCount / seconds).toFixed(0)} examples/s`,
  );
  return { ...Object.fromEntries(means), seconds, examplesPerSecond: tokenCount / seconds };
}

/** A loss that is no number leaves no weight that is one: every later figure would be nonsense. */
function checkFinite(stage: string, epoch: number, loss: number): void {
  if (Number.isFinite(loss)) return;
  throw actionable(
    new RangeError(
      `The loss of ${stage} became ${loss} in epoch ${epoch}: training has diverged. ` +
        'Lower the learning rate or beta, and check the data.',
    ),
  );
}

function epochLine(entry: LogEntry, isBest: boolean): string {
  const shown = [
    'loss',
    'preference',
    'rewards/accuracies',
    'falseNegativeRate',
    'validation ndcg@10',
  ]
    .filter((name) => entry[name] !== undefined && !Number.isNaN(entry[name]))
    .map((name) => `${name} ${Number(entry[name]).toFixed(4)}`);
  return `  ${shown.join(' · ')}${isBest ? ' (best so far)' : ''}`;
}
