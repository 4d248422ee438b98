import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Program } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { actionable } from '@rodpo/errors';
import type { NamedArray } from '@rodpo/files';
import { deriveSeed } from '@rodpo/random';
import { adamState, type FitProgress, fit } from '@rodpo/trainer';
import {
  epochTokens,
  type LearnedPositions,
  learnedTokens,
  type TrainingBatch,
  trainingBatches,
} from '../batches/training-set.ts';
import { optimiserPrefix, prefixed, unprefixed, weightPrefix } from '../steps/tokens.ts';
import type { ValidationRanker } from '../workspace/ranker.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Checkpoints, memoryCheckpoints } from './checkpoints.ts';
import { type EpochEntry, untimed } from './epoch-log.ts';
import { folderCheckpoints } from './folder-checkpoints.ts';

type Figures = Record<string, number>;
type StepOutputs = Awaited<ReturnType<Program['run']>>;

/** What every training can be told beside its method. */
export interface TrainingHooks {
  /** A folder, or how checkpoints are kept. Default: in memory, so nothing can be resumed. */
  readonly checkpoints?: string | Checkpoints;
  /** Ends the training before its next step. Default: never. */
  readonly signal?: AbortSignal;
  /** Called once, if there is something to go on from. */
  readonly onResume?: (progress: FitProgress, isFinished: boolean) => void;
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
}

export interface TrainOptions extends Limits, TrainingHooks {
  /** Names log entries, checkpoints and random numbers. */
  readonly stage: string;
  /** Compiled only if there is something left to train. */
  readonly program: () => Promise<Program>;
  /** Which tokens are learned from. Default 'all'. */
  readonly positions?: LearnedPositions;
  /** What a batch adds to the inputs every step reads. */
  readonly extend?: (batch: TrainingBatch, program: Program, at: StepPlace) => Promise<Inputs>;
  /** Figures of one step, averaged over the tokens that an epoch learns from. */
  readonly measure: (outputs: StepOutputs, batch: TrainingBatch) => Figures;
  /** Its `ndcg@10` decides which epoch's weights are kept. */
  readonly ranker: () => Promise<Pick<ValidationRanker, 'part' | 'metrics'>>;
}

export type Inputs = TrainingBatch['inputs'];

/** Which step of a training it is. */
export interface StepPlace {
  readonly epoch: number;
  readonly seed: number;
  /** Of the epoch, from 0. */
  readonly step: number;
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
  { checkpoints = memoryCheckpoints() }: TrainingHooks,
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

/**
 * Trains until validation NDCG@10 stops improving, saving after every epoch, and returns the best
 * weights. A training that was interrupted goes on after its last whole epoch, with the same result;
 * one that has ended is not done again.
 */
export async function train(
  workspace: Pick<Workspace, 'set' | 'layout' | 'seed'>,
  options: TrainOptions & { readonly checkpoints: Checkpoints },
): Promise<Trained> {
  const { stage, maxEpochs, patience, checkpoints, onResume, onEpoch } = options;
  const saved = await checkpoints.latest();
  if (saved) {
    const { epoch, best } = saved.progress;
    const isFinished = epoch >= maxEpochs || epoch - best.epoch >= patience;
    onResume?.(saved.progress, isFinished);
    if (isFinished) {
      return { weights: await checkpoints.best(best.epoch), epoch: best.epoch, log: saved.log };
    }
  }
  const ranker = await options.ranker();
  const program = await options.program();
  try {
    if (saved) program.load(saved.state);
    const log = [...(saved?.log ?? [])];
    let figures: Figures = {};
    let validation: Figures = {};
    const { best } = await fit({
      maxEpochs,
      patience,
      ...(saved ? { progress: saved.progress } : {}),
      trainEpoch: async (epoch) => {
        figures = await trainEpoch(workspace, program, options, epoch);
      },
      validate: async () => {
        validation = await ranker.metrics(unprefixed(await program.state(), weightPrefix));
        return validation['ndcg@10']!;
      },
      onEpoch: async (now, isBest) => {
        const shown = prefixed(validation, 'validation ');
        const entry = { stage, epoch: now.epoch, ...figures, ...shown };
        const state = await program.state();
        if (isBest) await checkpoints.saveBest(unprefixed(state, weightPrefix), now.epoch);
        await onEpoch?.(entry, isBest);
        log.push(untimed(entry));
        await checkpoints.saveLatest({ state: trainedPart(state), progress: now, log });
      },
    });
    return { weights: await checkpoints.best(best.epoch), epoch: best.epoch, log };
  } finally {
    await program.dispose();
  }
}

/** A checkpoint holds what training changes, not the constants that a program carries beside. */
function trainedPart(state: Record<string, NamedArray>): Record<string, NamedArray> {
  const isTrained = (name: string) =>
    name.startsWith(weightPrefix) || name.startsWith(optimiserPrefix);
  return Object.fromEntries(Object.entries(state).filter(([name]) => isTrained(name)));
}

async function trainEpoch(
  { set, layout, seed: runSeed }: Pick<Workspace, 'set' | 'layout' | 'seed'>,
  program: Program,
  { stage, positions = 'all', extend, measure, signal, onStep }: TrainOptions,
  epoch: number,
): Promise<Figures> {
  const tokenCount = epochTokens(set, positions);
  const seed = deriveSeed(runSeed, stage, epoch);
  const started = performance.now();
  const sums: Figures = {};
  let step = 0;
  for (const batch of trainingBatches(set, layout, seed, { positions })) {
    if (signal) await pause(signal);
    const place = { epoch, seed, step: step++ };
    const inputs = { ...batch.inputs, ...(await extend?.(batch, program, place)) };
    const outputs = await program.run(inputs, { seed, step: place.step });
    const loss = outputs.loss![0]!;
    checkFinite(stage, epoch, loss);
    const tokens = learnedTokens(batch);
    for (const [name, value] of Object.entries(measure(outputs, batch))) {
      sums[name] = (sums[name] ?? 0) + value * tokens;
    }
    onStep?.({ stage, epoch, loss, tokens, epochTokens: tokenCount });
  }
  const seconds = (performance.now() - started) / 1000;
  const means = Object.entries(sums).map(([name, sum]) => [name, sum / tokenCount]);
  return { ...Object.fromEntries(means), seconds, examplesPerSecond: tokenCount / seconds };
}

/** Lets timers run, by which signals are often aborted. */
async function pause(signal: AbortSignal): Promise<void> {
  await setTimeout();
  signal.throwIfAborted();
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
