import { FileDamagedError, type NamedArray, type NamedArrays } from '@rodpo/files';
import { type Checkpoints, type Latest, type Standing, standingIn } from '@rodpo/recipe';
import { textOfProgress } from '@rodpo/trainer';
import type { Label } from './label.ts';
import { loadTensors, loadTexts, saveTensors } from './labelled-tensors.ts';
import type { Run } from './run.ts';

type Arrays = Record<string, NamedArray>;
type RunFiles = Pick<Run, 'file' | 'identity'>;

/** The checkpoints of one stage, in the run's folder. */
export function checkpointsOf(run: Run, stage: string): Checkpoints {
  return {
    standing: () => loadStanding(run, stage),
    latest: (into) => loadLatest(run, stage, into),
    saveLatest: (latest) => saveLatest(run, stage, latest),
    saveBest: (weights, epoch) => saveBest(run, stage, weights, epoch),
    best: async (epoch) => {
      const weights = await loadBest(run, stage, epoch);
      if (weights) return weights;
      throw new FileDamagedError(bestFile(run, stage), {
        problem: `it is gone, and the checkpoint beside it says that epoch ${epoch} was the best`,
        advice: `Put it back, or delete the checkpoints of ${stage} to train it anew.`,
      });
    },
  };
}

/** File of the weights and optimiser after the last epoch; large ones are shards in its place. */
export const latestFile = ({ file }: Pick<Run, 'file'>, stage: string): string =>
  file('checkpoints', `${stage}.latest.safetensors`);

/** File of the best weights that a stage found; large ones are shards in its place. */
export const bestFile = ({ file }: Pick<Run, 'file'>, stage: string): string =>
  file('checkpoints', `${stage}.safetensors`);

function saveLatest(run: Run, stage: string, { state, progress, log }: Latest) {
  const metadata = { progress: textOfProgress(progress), log: JSON.stringify(log) };
  const latest = { tensors: state, metadata };
  return saveTensors(run, latestFile(run, stage), latestLabel(run, stage), latest);
}

/** Undefined if the stage has not ended its first epoch. @throws {FileDamagedError} */
async function loadLatest(
  run: RunFiles,
  stage: string,
  into: NamedArrays = {},
): Promise<Latest | undefined> {
  const file = latestFile(run, stage);
  const saved = await loadTensors(file, latestLabel(run, stage), { into });
  return saved && { state: saved.tensors, ...standingIn(file, saved.metadata) };
}

/** Where the stage stands; undefined if it has not ended its first epoch. @throws {FileDamagedError} */
export async function loadStanding(run: RunFiles, stage: string): Promise<Standing | undefined> {
  const file = latestFile(run, stage);
  const texts = await loadTexts(file, latestLabel(run, stage));
  return texts && standingIn(file, texts);
}

/** @param epoch the one whose weights they are */
function saveBest(run: Run, stage: string, weights: Arrays, epoch: number): Promise<void> {
  const best = { tensors: weights, metadata: { epoch: `${epoch}` } };
  return saveTensors(run, bestFile(run, stage), bestLabel(run, stage), best);
}

/**
 * The best weights of a stage; undefined if there are none.
 *
 * @param epoch the one that they must be of, if it is known
 * @throws {FileDamagedError} if they are damaged, or others
 */
export async function loadBest(
  run: RunFiles,
  stage: string,
  epoch?: number,
): Promise<Arrays | undefined> {
  const file = bestFile(run, stage);
  const saved = await loadTensors(file, bestLabel(run, stage));
  if (!saved || epoch === undefined || saved.metadata.epoch === `${epoch}`) return saved?.tensors;
  throw new FileDamagedError(file, {
    problem: `expected the weights of epoch ${epoch}, got those of epoch ${saved.metadata.epoch}`,
    advice: `Put the right file back, or delete the checkpoints of ${stage} to train it anew.`,
  });
}

function latestLabel({ identity }: RunFiles, stage: string): Label {
  return { holds: 'the latest weights', of: stage, run: identity.run };
}

function bestLabel({ identity }: RunFiles, stage: string): Label {
  return { holds: 'the best weights', of: stage, run: identity.run };
}
