import { type RankingCase, TimesMissingError } from '@rodpo/data';
import { actionable, requirePositiveInteger } from '@rodpo/errors';
import { timesBetween, type UserTimes } from '../batches/time-inputs.ts';
import type { BestItems } from '../workspace/best-items.ts';
import { checkScorable } from '../workspace/check-scorable.ts';
import { userVectors } from '../workspace/user-vectors.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What somebody has chosen so far. */
export interface History {
  /** As indices into the dataset's items, oldest first; only the last ones are read. */
  readonly items: Int32Array;
  /** When, in the unit of the dataset's times; needed if the encoder reads times. */
  readonly times?: Float64Array;
}

export interface RecommendOptions {
  /** Whether items of the history may come again. Default false. */
  readonly repeats?: boolean;
}

/** The best items for one history, best first; fewer than asked for if the catalogue has no more. */
export interface Recommendation {
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

/**
 * The `count` items of the whole catalogue that score best after each history; ties go to the lower
 * index.
 *
 * @throws {RangeError} (marked as actionable) if a history is empty or names an item that the dataset
 * does not have, `count` is not a positive integer, or the weights make vectors that are not numbers
 * @throws {TimesMissingError} if the encoder reads times and a history has none
 */
export async function recommend(
  workspace: Workspace,
  weights: Weights,
  histories: readonly History[],
  count: number,
  { repeats = false }: RecommendOptions = {},
): Promise<Recommendation[]> {
  requirePositiveInteger('count', count);
  const { encoder, layout, set } = workspace;
  for (const [index, history] of histories.entries()) checkHistory(history, index, set.itemCount);
  const timesOf = timesIn(workspace, histories);
  const known = histories.map(({ items }) => new Set(repeats ? [] : items));
  const most = known.reduce((largest, { size }) => Math.max(largest, size), 0);
  const asked = Math.min(count + most, set.itemCount);
  const items = await (await workspace.itemTable(weights)).vectors(weights);
  const read = (await workspace.reader(weights)).with(weights, items);
  const cases = histories.map(
    ({ items: history }, user): RankingCase => ({ user, history, target: 0 }),
  );
  const users = await userVectors(read, cases, { layout, timesOf, width: encoder.width });
  checkScorable(users, items.data as Float32Array, encoder.width);
  const best = await workspace.scores.best(users, items, asked);
  return best.map((own, user) => without(known[user]!, own, count));
}

function without(
  known: ReadonlySet<number>,
  { items, scores }: BestItems,
  count: number,
): Recommendation {
  const places: number[] = [];
  for (const [place, item] of items.entries()) {
    if (places.length === count) break;
    if (!known.has(item)) places.push(place);
  }
  return {
    items: Int32Array.from(places, (place) => items[place]!),
    scores: Float32Array.from(places, (place) => scores[place]!),
  };
}

function checkHistory({ items }: History, index: number, itemCount: number): void {
  if (items.length === 0) {
    throw actionable(
      new RangeError(`histories[${index}] is empty: there is nothing to go by. Leave it out.`),
    );
  }
  const wrong = items.find((item) => item < 0 || item >= itemCount);
  if (wrong === undefined) return;
  throw actionable(
    new RangeError(
      `histories[${index}] must hold indices of the ${itemCount} items, got ${wrong}.`,
    ),
  );
}

function timesIn({ times }: Workspace, histories: readonly History[]): UserTimes | undefined {
  if (!times) return undefined;
  const read = histories.map(({ times: own, items }, index) => {
    if (own?.length === items.length) return times.read(own);
    throw new TimesMissingError(
      `The encoder reads times: histories[${index}] must have one of each of its ${items.length} ` +
        `items, got ${own?.length ?? 'none'}.`,
    );
  });
  return (user, begin, end) => timesBetween(read[user]!, begin, end);
}
