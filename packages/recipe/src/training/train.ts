import { setTimeout } from 'node:timers/promises';
import type { Program } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { actionable } from '@rodpo/errors';
import type { NamedArray } from '@rodpo/files';
import { deriveSeed } from '@rodpo/random';
import {
  adamState,
  averagesOf,
  type FitProgress,
  fit,
  goesOn,
  type Optimiser,
  type StepPlace,
  type Checkpoints as TrainerCheckpoints,
  type TrainingProgress,
} from '@rodpo/trainer';
import {
  epochTokens,
  type LearnedPositions,
  learnedTokens,
  type TrainingBatch,
  trainingBatches,
} from '../batches/training-set.ts';
import type { HeldProgram } from '../rows/host-rows.ts';
import {
  optimiserPrefix,
  prefixed,
  runningPrefix,
  unprefixed,
  weightPrefix,
} from '../steps/tokens.ts';
import type { ValidationRanker } from '../workspace/ranker.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { checkLimits } from './check-limits.ts';
import type { Checkpoints, Standing } from './checkpoints.ts';
import { type EpochEntry, untimed } from './epoch-log.ts';

type Figures = Record<string, number>;

/** Of what a training carries beside its program. */
const carriedPrefix = 'carried.';
type StepOutputs = Awaited<ReturnType<Program['run']>>;

/** What every training can be told beside its method. */
export interface TrainingHooks {
  /** A folder, or how checkpoints are kept. Default: the best weights in memory, so nothing can be resumed. */
  readonly checkpoints?: string | Checkpoints;
  /** Ends the training before its next step. Default: never. */
  readonly signal?: AbortSignal;
  /** Steps after which the state is kept within an epoch, too. Default: only after epochs. */
  readonly saveEverySteps?: number;
  /** Told what the size of the catalogue has decided, if a setting leaves it open. */
  readonly onNotice?: (sentence: string) => void;
  /** Called once, if there is something to go on from. */
  readonly onResume?: (progress: TrainingProgress, isFinished: boolean) => void;
  readonly onStep?: (step: StepReport) => void;
  /** Called before the epoch is saved as the latest. */
  readonly onEpoch?: (entry: EpochEntry, isBest: boolean) => void | Promise<void>;
}

/** A step that has been done. */
export interface StepReport {
  readonly stage: string;
  readonly epoch: number;
  readonly loss: number;
  /** Tokens that the step has learned from, and those of the whole epoch. */
  readonly tokens: number;
  readonly epochTokens: number;
}

/** What a training leaves. */
export interface Trained {
  /** Of the best epoch. */
  readonly weights: Weights;
  /** The best epoch, from 1. */
  readonly epoch: number;
  /** Every epoch's figures, without times. */
  readonly log: readonly EpochEntry[];
}

/** When training stops. */
export interface Limits {
  readonly maxEpochs: number;
  /** Epochs without a better validation NDCG@10 after which it stops. */
  readonly patience: number;
  /** NDCG@10 is better that exceeds the best so far by more than this. Default 0. */
  readonly minDelta?: number;
}

export interface TrainOptions extends Limits, TrainingHooks {
  /** Names log entries, checkpoints and random numbers. */
  readonly stage: string;
  /** Compiled only if there is something left to train. */
  readonly program: () => Promise<HeldProgram>;
  /** Which tokens are learned from. Default 'all'. */
  readonly positions?: LearnedPositions;
  /** What a batch adds to the inputs every step reads. */
  readonly extend?: (batch: TrainingBatch, program: Program, at: StepPlace) => Promise<Inputs>;
  /** Figures of one step, averaged over the tokens that an epoch learns from. */
  readonly measure: (outputs: StepOutputs, batch: TrainingBatch) => Figures;
  /** What else a training goes on from, saved beside the program's state. Default: nothing. */
  readonly carried?: Carried;
  /** Its `ndcg@10` decides which epoch's weights are kept. */
  readonly ranker: () => Promise<Pick<ValidationRanker, 'part' | 'metrics'>>;
}

/** What changes with a training but is none of its program's. */
interface Carried {
  state(): Readonly<Record<string, NamedArray>>;
  load(state: Readonly<Record<string, NamedArray>>): Promise<void>;
}

export type Inputs = TrainingBatch['inputs'];

/** State of a training program at its start. */
export function trainingState(
  weights: Weights,
  { untrained }: Pick<SequenceEncoder, 'untrained'>,
  optimiser?: Optimiser,
): Record<string, NamedArray> {
  const isTrained = ([name]: [string, NamedArray]) => !untrained.includes(name);
  const trained = Object.fromEntries(Object.entries(weights).filter(isTrained));
  return {
    ...prefixed(weights, weightPrefix),
    ...prefixed(optimiser ? optimiser.state(trained) : adamState(trained), optimiserPrefix),
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

/**
 * Trains until validation NDCG@10 stops improving, saving after every epoch, and returns the best
 * weights. A training that was interrupted goes on after what was last saved, with the same result;
 * one that has ended is not done again.
 */
export async function train(
  workspace: Pick<Workspace, 'set' | 'layout' | 'seed'>,
  options: TrainOptions & { readonly checkpoints: Checkpoints },
): Promise<Trained> {
  checkLimits(options);
  const { checkpoints, onResume } = options;
  const saved = await checkpoints.standing();
  if (saved) {
    const { best } = saved.progress;
    const isFinished = !goesOn(saved.progress, options);
    onResume?.(saved.progress, isFinished);
    if (isFinished) {
      return { weights: await checkpoints.best(best.epoch), epoch: best.epoch, log: saved.log };
    }
  }
  const ranker = await options.ranker();
  const program = await options.program();
  try {
    const log = [...(saved?.log ?? [])];
    const best = await fitted(workspace, { ...options, ranker, program, saved, log });
    return { weights: await checkpoints.best(best.epoch), epoch: best.epoch, log };
  } finally {
    await program.dispose();
  }
}

interface FitParts extends Omit<TrainOptions, 'program' | 'ranker' | 'checkpoints'> {
  readonly program: HeldProgram;
  readonly ranker: Pick<ValidationRanker, 'metrics'>;
  readonly checkpoints: Checkpoints;
  readonly saved: Standing | undefined;
  /** Grows by an entry an epoch. */
  readonly log: EpochEntry[];
}

async function fitted(
  { set, layout, seed }: Pick<Workspace, 'set' | 'layout' | 'seed'>,
  { stage, program, carried, ranker, checkpoints, saved, log, ...options }: FitParts,
): Promise<FitProgress['best']> {
  const { positions = 'all', onEpoch, ...limits } = options;
  const tokenCount = epochTokens(set, positions);
  let validation: Figures = {};
  let started = performance.now();
  const { best } = await fit({
    ...limits,
    seed,
    epochSeed: (epoch) => deriveSeed(seed, stage, epoch),
    batches: ({ seed: orderSeed }) => {
      started = performance.now();
      return trainingBatches(set, layout, orderSeed, { positions });
    },
    trainStep: (batch, place) =>
      trainStep(program, { ...options, stage, tokenCount }, batch, place),
    weightOf: learnedTokens,
    program: {
      state: async () => ({
        ...trainedPart(await (program.asItStands?.() ?? program.state())),
        ...prefixed(carried?.state() ?? {}, carriedPrefix),
      }),
      load: async (state) => {
        program.load(trainedPart(state));
        await carried?.load(unprefixed(state, carriedPrefix));
      },
    },
    validate: async () => {
      const seconds = (performance.now() - started) / 1000;
      const timed = { seconds, examplesPerSecond: tokenCount / seconds };
      const figures = await ranker.metrics(keptWeights(await program.state()));
      validation = { ...timed, ...prefixed(figures, 'validation ') };
      return figures['ndcg@10']!;
    },
    checkpoints: keeping(checkpoints, program, log),
    callbacks: [
      {
        onEpoch: async ({ progress: { epoch }, figures, isBest }) => {
          const entry = { stage, epoch, ...figures, ...validation };
          await onEpoch?.(entry, isBest);
          log.push(untimed(entry));
        },
      },
    ],
  });
  return best;
}

/** The trainer's checkpoints, with the log beside the state and the best weights alone. */
function keeping(
  checkpoints: Checkpoints,
  { held }: Pick<HeldProgram, 'held'>,
  log: readonly EpochEntry[],
): TrainerCheckpoints {
  return {
    load: () => checkpoints.latest(held?.()),
    save: ({ state, progress }) => checkpoints.saveLatest({ state: { ...state }, progress, log }),
    saveBest: ({ state, progress }) => checkpoints.saveBest(keptWeights(state), progress.epoch),
    loadBest: async () => undefined,
  };
}

/** What is evaluated and kept: the weights, or their averages if the optimiser makes them. */
function keptWeights(state: Readonly<Record<string, NamedArray>>): Weights {
  const averages = averagesOf(unprefixed(state, optimiserPrefix));
  return { ...unprefixed(state, weightPrefix), ...averages };
}

/** A checkpoint holds what training changes, not the constants that a program carries beside. */
function trainedPart(state: Readonly<Record<string, NamedArray>>): Record<string, NamedArray> {
  const isTrained = (name: string) =>
    [weightPrefix, optimiserPrefix, runningPrefix].some((prefix) => name.startsWith(prefix));
  return Object.fromEntries(Object.entries(state).filter(([name]) => isTrained(name)));
}

async function trainStep(
  program: Program,
  options: Pick<TrainOptions, 'stage' | 'extend' | 'measure' | 'signal' | 'onStep'> & {
    readonly tokenCount: number;
  },
  batch: TrainingBatch,
  place: StepPlace,
): Promise<Figures> {
  const { stage, extend, measure, signal, onStep, tokenCount } = options;
  const inputs = { ...batch.inputs, ...(await extend?.(batch, program, place)) };
  const outputs = await program.run(inputs, { seed: place.seed, step: place.step });
  const loss = outputs.loss![0]!;
  checkFinite(stage, place.epoch, loss);
  const tokens = learnedTokens(batch);
  onStep?.({ stage, epoch: place.epoch, loss, tokens, epochTokens: tokenCount });
  // Lets timers run, by which signals are often aborted: `fit` saves and stops after the step.
  if (signal) await setTimeout();
  return measure(outputs, batch);
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
