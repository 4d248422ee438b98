import { quote } from '@rodpo/errors';
import { FileDamagedError, type NamedArrays } from '@rodpo/files';
import type { Checkpoint, Checkpoints } from './checkpoints.ts';
import { progressOfText, textOfProgress } from './progress-text.ts';
import type { SavedTensors } from './saved-tensors.ts';

export interface CheckpointOptions {
  /** What of the state the best checkpoint keeps, such as `averagesOf`. Default: all. */
  readonly keepOfBest?: (state: NamedArrays) => NamedArrays;
  /**
   * Text of whatever decides the result beside the seed, such as the settings as JSON. A checkpoint
   * with another text is refused: what goes on from it would be the result of neither. Default: none.
   */
  readonly settings?: string;
}

/** Checkpoints with the progress among their texts, in any two places. */
export function checkpointsIn(
  { latest, best }: { readonly latest: SavedTensors; readonly best: SavedTensors },
  { keepOfBest = (state) => state, settings = '' }: CheckpointOptions = {},
): Checkpoints {
  const save = (place: SavedTensors, { progress, state }: Checkpoint) =>
    place.save(state, { progress: textOfProgress(progress), settings });
  return {
    load: () => loadFrom(latest, settings),
    save: (checkpoint) => save(latest, checkpoint),
    loadBest: () => loadFrom(best, settings),
    saveBest: ({ progress, state }) => save(best, { progress, state: keepOfBest(state) }),
  };
}

async function loadFrom(
  { place, load }: SavedTensors,
  settings: string,
): Promise<Checkpoint | undefined> {
  const found = await load();
  if (!found) return undefined;
  const { tensors, metadata } = found;
  const progress = progressOfText(place, metadata.progress);
  if (metadata.settings === settings) return { progress, state: tensors };
  throw new FileDamagedError(place, {
    problem: `expected a training with the settings ${quote(settings)}, got ${quote(metadata.settings ?? '')}`,
    advice: 'Give the settings that it was begun with, or train anew in another folder.',
  });
}
