import { actionable, requireInteger, requirePositiveInteger } from '@rodpo/errors';
import type { NamedArray } from '@rodpo/files';
import { deriveSeed } from '@rodpo/random';
import type { Checkpoints, TrainingProgress } from '../checkpoints/checkpoints.ts';
import { meansOf, noFigures, withFigures } from '../progress/figures.ts';
import { checkLimits, type FitLimits, goesOn, judged, start } from '../progress/progress.ts';
import type { EpochReport, FitCallbacks } from './callbacks.ts';

/** An epoch, and the seed of its order and its draws. */
export interface EpochPlace {
  /** From 1. */
  readonly epoch: number;
  readonly seed: number;
}

/** A step's place; `program.run(inputs, place)` draws by `seed` and `step`. */
export interface StepPlace extends EpochPlace {
  /** In the epoch, from 0. */
  readonly step: number;
  /** In the training, from 0. */
  readonly totalStep: number;
}

/** What a training changes: a `Program` of `@rodpo/compile`, or any other that tells its state. */
export interface TrainedProgram {
  state(): Promise<Readonly<Record<string, NamedArray>>>;
  load(state: Readonly<Record<string, NamedArray>>): void | Promise<void>;
}

export interface FitStepsOptions<Batch, Name extends string = string> extends FitLimits {
  /** What order and draws follow from. A checkpoint of another seed is refused. */
  readonly seed: number;
  /** Seed of an epoch from 1. Default: `deriveSeed(seed, 'epoch', epoch)` of `@rodpo/random`. */
  readonly epochSeed?: (epoch: number) => number;
  /** The batches of an epoch: equal places must give equal batches, in the same order. */
  readonly batches: (place: EpochPlace) => Iterable<Batch> | AsyncIterable<Batch>;
  /** Trains on a batch, and tells its figures. One named `loss` must be finite. */
  readonly trainStep: (batch: Batch, place: StepPlace) => Promise<Readonly<Record<Name, number>>>;
  /** What a batch counts for in the epoch's means, such as its examples. Default: 1. */
  readonly weightOf?: (batch: Batch) => number;
  /** What `trainStep` trains: saved to checkpoints, and loaded from them. */
  readonly program: TrainedProgram;
  /** The figure to maximise, after an epoch. */
  readonly validate: (epoch: number) => Promise<number>;
  /** Where to save, and to go on from if there is something. Default: nowhere. */
  readonly checkpoints?: Checkpoints;
  /** Steps between checkpoints in an epoch. Default: only after epochs. */
  readonly saveEverySteps?: number;
  readonly callbacks?: readonly FitCallbacks<NoInfer<Name>>[];
}

/** Trains step by step, saving on the way, and goes on from what was saved. */
export async function fitSteps<Batch, Name extends string>(
  options: FitStepsOptions<Batch, Name>,
): Promise<TrainingProgress> {
  const { seed, signal, checkpoints, saveEverySteps } = options;
  checkLimits(options);
  requireInteger('seed', seed);
  if (saveEverySteps !== undefined) requirePositiveInteger('saveEverySteps', saveEverySteps);
  let progress = await resumed(options);
  const tell = callbacksOf(options);
  const save = async (now: TrainingProgress, isBest = false) => {
    progress = now;
    if (!checkpoints) return;
    const checkpoint = { progress, state: await options.program.state() };
    // The best goes first: killed in between, the epoch is trained again, and is the best again.
    if (isBest) await checkpoints.saveBest(checkpoint);
    await checkpoints.save(checkpoint);
    await tell('onSave', progress);
  };
  await tell('onStart', progress);
  try {
    while (goesOn(progress, options)) {
      signal?.throwIfAborted();
      for await (const { now, figures } of stepsOf(options, progress)) {
        progress = now;
        await tell('onStep', { progress, figures });
        const isDue = saveEverySteps !== undefined && now.step % saveEverySteps === 0;
        if (isDue || signal?.aborted) await save(now);
        signal?.throwIfAborted();
      }
      const { progress: next, report } = await validated(options, progress);
      await tell('onEpoch', report);
      await save(next, report.isBest);
    }
    return progress;
  } finally {
    await tell('onEnd', progress);
  }
}

/** The progress of the newest checkpoint, loaded into the program; or the start. */
async function resumed<Batch, Name extends string>({
  seed,
  checkpoints,
  program,
}: FitStepsOptions<Batch, Name>): Promise<TrainingProgress> {
  const saved = await checkpoints?.load();
  if (!saved) return { ...start, step: 0, totalStep: 0, seed, sums: noFigures };
  const { progress, state } = saved;
  if (progress.seed !== seed) {
    throw actionable(
      new RangeError(
        `The checkpoint is of a training with seed ${progress.seed}, this one has seed ${seed}: ` +
          `its batches come in another order. Go on with seed ${progress.seed}, or train anew in ` +
          'another place.',
      ),
    );
  }
  await program.load(state);
  return progress;
}

type Events<Name extends string> = {
  [Event in keyof FitCallbacks<Name>]-?: Parameters<NonNullable<FitCallbacks<Name>[Event]>>[0];
};

function callbacksOf<Batch, Name extends string>({ callbacks = [] }: FitStepsOptions<Batch, Name>) {
  return async <Event extends keyof Events<Name>>(
    event: Event,
    report: Events<Name>[Event],
  ): Promise<void> => {
    for (const each of callbacks) await each[event]?.(report as never);
  };
}

interface Step<Name extends string> {
  readonly now: TrainingProgress;
  readonly figures: Readonly<Record<Name, number>>;
}

/** The steps of the epoch that `from` stands in, those that it has done passed over. */
async function* stepsOf<Batch, Name extends string>(
  options: FitStepsOptions<Batch, Name>,
  from: TrainingProgress,
): AsyncGenerator<Step<Name>, void> {
  const { seed, batches, trainStep, weightOf = () => 1 } = options;
  const { epochSeed = (epoch: number) => deriveSeed(seed, 'epoch', epoch) } = options;
  const epoch = from.epoch + 1;
  const place = { epoch, seed: epochSeed(epoch) };
  let now = from;
  let drawn = 0;
  for await (const batch of batches(place)) {
    if (drawn++ < from.step) continue;
    const { step, totalStep } = now;
    const figures = await trainStep(batch, { ...place, step, totalStep });
    checkLoss(figures, epoch, step);
    const sums = withFigures(now.sums, figures, weightOf(batch));
    now = { ...now, step: step + 1, totalStep: totalStep + 1, sums };
    yield { now, figures };
  }
  if (drawn === 0) throw actionable(new RangeError(`Epoch ${epoch} has no batches to train on.`));
  if (drawn < from.step) {
    throw actionable(
      new RangeError(
        `The checkpoint is of step ${from.step} of epoch ${epoch}, which has ${drawn} batches: ` +
          'the data or the size of batches are not what they were. Give the same ones.',
      ),
    );
  }
}

/** A loss that is no number leaves no weight that is one: all that follows would be nonsense. */
function checkLoss(figures: Readonly<Record<string, number>>, epoch: number, step: number): void {
  const { loss = 0 } = figures;
  if (Number.isFinite(loss)) return;
  throw actionable(
    new RangeError(
      `The loss became ${loss} in step ${step + 1} of epoch ${epoch}: training has diverged. ` +
        'Lower the learning rate or clip the gradients, and check the data.',
    ),
  );
}

async function validated<Batch, Name extends string>(
  options: FitStepsOptions<Batch, Name>,
  done: TrainingProgress,
): Promise<{ progress: TrainingProgress; report: EpochReport<Name> }> {
  const validation = await options.validate(done.epoch + 1);
  const { progress: next, isBest } = judged(done, validation, options);
  const progress = { ...done, ...next, step: 0, sums: noFigures };
  return { progress, report: { progress, figures: meansOf(done.sums), validation, isBest } };
}
