import { actionable, quote, requireInteger, requirePositiveInteger } from '@rodpo/errors';
import { deriveSeed, permutation, seededRandom } from '@rodpo/random';
import type { FlatDataset } from '../dataset/flat-dataset.ts';
import { requireTimes } from '../dataset/require-times.ts';
import type { ActivityStep, CoreStep, DataStep, NewestStep, SampleStep } from './data-step.ts';
import { dropRepeated } from './drop-repeated.ts';
import { dropUsers, type InteractionMask, keptOfUsers } from './interaction-mask.ts';
import { keepCore } from './keep-core.ts';

/**
 * Takes out of `kept` what one step takes out.
 *
 * @returns for duplicates and repeats, how many there were
 */
export function runStep(
  dataset: FlatDataset,
  kept: InteractionMask,
  step: DataStep,
): number | undefined {
  switch (step.kind) {
    case 'duplicates': {
      const times = requireTimes(dataset, "A step of kind 'duplicates'");
      return dropRepeated(dataset, kept, step.keep ?? 'first', times);
    }
    case 'repeats':
      return dropRepeated(dataset, kept, step.keep ?? 'first');
    case 'activity':
      return limitActivity(dataset, kept, step);
    case 'core':
      return core(dataset, kept, step);
    case 'sample':
      return sampleUsers(dataset, kept, step);
    case 'newest':
      return keepNewest(dataset, kept, step);
    default:
      throw unknownKind((step as { readonly kind: unknown }).kind);
  }
}

function limitActivity(
  dataset: FlatDataset,
  kept: InteractionMask,
  { atLeast = 1, atMost = Number.MAX_SAFE_INTEGER }: ActivityStep,
): undefined {
  requirePositiveInteger('activity.atLeast', atLeast);
  requireInteger('activity.atMost', atMost, { from: atLeast });
  const counts = keptOfUsers(dataset, kept);
  dropUsers(dataset, kept, (user) => counts[user]! < atLeast || counts[user]! > atMost);
}

function core(
  dataset: FlatDataset,
  kept: InteractionMask,
  { users = 5, items = 5 }: CoreStep,
): undefined {
  requirePositiveInteger('core.users', users, 'Use 1 to keep all.');
  requirePositiveInteger('core.items', items, 'Use 1 to keep all.');
  keepCore(dataset, kept, { users, items });
}

/** The order is of all users that there are, so that a smaller sample is part of a larger one. */
function sampleUsers(
  dataset: FlatDataset,
  kept: InteractionMask,
  { users, seed }: SampleStep,
): undefined {
  requirePositiveInteger('sample.users', users);
  requireInteger('sample.seed', seed);
  const present = keptOfUsers(dataset, kept);
  const candidates = present.map((_, user) => user).filter((user) => present[user]! > 0);
  const order = permutation(candidates.length, seededRandom(deriveSeed(seed, 'sample users')));
  const isDrawn = new Uint8Array(present.length);
  for (const index of order.subarray(0, users)) isDrawn[candidates[index]!] = 1;
  dropUsers(dataset, kept, (user) => isDrawn[user] === 0);
}

function keepNewest(
  { sequences }: FlatDataset,
  kept: InteractionMask,
  { interactions }: NewestStep,
): undefined {
  requirePositiveInteger('newest.interactions', interactions);
  const { starts, ends } = sequences;
  let end = 0;
  for (let user = 0; user < starts.length; user++) {
    const begin = end;
    end += ends[user]! - starts[user]!;
    let left = interactions;
    for (let at = end - 1; at >= begin; at--) {
      if (kept[at] === 1 && left-- <= 0) kept[at] = 0;
    }
  }
}

function unknownKind(kind: unknown): RangeError {
  return actionable(
    new RangeError(
      "A step's kind must be 'duplicates', 'repeats', 'activity', 'core', 'sample' or 'newest', got " +
        `${quote(String(kind))}. Correct it, or leave the step out.`,
    ),
  );
}
