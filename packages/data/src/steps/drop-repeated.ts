import { actionable, quote } from '@rodpo/errors';
import type { FlatDataset } from '../dataset/flat-dataset.ts';
import type { FlatSequences } from '../dataset/flat-sequences.ts';
import type { InteractionMask } from './interaction-mask.ts';

/** Which of the interactions that are alike stays; with 'all' they are only counted. */
export type KeepRepeated = 'first' | 'last' | 'all';

/**
 * Takes out of `kept` what repeats an item of the same user, or with `times` an item of the same user
 * and time.
 *
 * @param times ascending; users may choose an item again, and do so at the same time only by mistake
 * @returns how many interactions there were beside the one of each kind that stays
 * @throws {RangeError} (marked as actionable) if `keep` is none of those there are
 */
export function dropRepeated(
  { sequences, itemIds }: FlatDataset,
  kept: InteractionMask,
  keep: KeepRepeated,
  times?: FlatSequences<Float64Array>,
): number {
  requireKeep(keep);
  const seenIn = new Uint32Array(itemIds.length); // the last group that has the item
  let [begin, group, found] = [0, 0, 0];
  for (let user = 0; user < sequences.length; user++) {
    group++;
    const start = sequences.starts[user]!;
    const length = sequences.ends[user]! - start;
    let previous = Number.NaN;
    for (let step = 0; step < length; step++) {
      const place = keep === 'last' ? length - 1 - step : step;
      if (kept[begin + place] === 0) continue;
      if (times) {
        const time = times.values[times.starts[user]! + place]!;
        if (time !== previous) group++;
        previous = time;
      }
      const item = sequences.values[start + place]!;
      if (seenIn[item] === group) {
        found++;
        if (keep !== 'all') kept[begin + place] = 0;
      }
      seenIn[item] = group;
    }
    begin += length;
  }
  return found;
}

function requireKeep(keep: string): void {
  if (['first', 'last', 'all'].includes(keep)) return;
  throw actionable(
    new RangeError(`keep must be 'first', 'last' or 'all', got ${quote(keep)}. Correct the step.`),
  );
}
