import { createMarks, type Marks } from '../batch/marks.ts';
import type { SamplingBatch, UniformRandom } from '../negative-sampler.ts';
import type { Distribution } from './distribution.ts';
import { createRestriction } from './restriction.ts';

/** What one row can draw. One object serves all rows in turn, so that none allocates. */
interface RowPool {
  open(distribution: Distribution, batch: SamplingBatch, row: number): void;
  /** How many items the row leaves. */
  candidateCount(): number;
  /** `log q(item | row)` as the row was opened, whatever was removed since. */
  logProbability(item: number): number;
  /** One of the items left, at least one of which there must be. */
  draw(random: UniformRandom): number;
  remove(item: number): void;
  isExcluded(item: number): boolean;
}

/** So many refusals in a row are cheaper than a pass over the items, and tell that most are gone. */
const MAX_REFUSALS = 64;

export function createRowPool(): RowPool {
  const restriction = createRestriction();
  let marks = createMarks(0);
  let current: Distribution | undefined;
  let candidateCount = 0;
  let weight = 0;
  let logWeight = 0;

  const exclude = (item: number) => {
    const excluded = current!.weights[item];
    if (!marks.add(item) || !excluded) return;
    candidateCount--;
    weight -= excluded;
  };

  const open = (distribution: Distribution, { excluded }: SamplingBatch, row: number) => {
    if (marks.itemCount < distribution.weights.length) {
      marks = createMarks(distribution.weights.length);
    }
    marks.clear();
    restriction.reset(distribution);
    current = distribution;
    candidateCount = distribution.support.length;
    weight = distribution.totalWeight;
    for (let index = excluded.offsets[row]!; index < excluded.offsets[row + 1]!; index++) {
      exclude(excluded.items[index]!);
    }
    if (distribution.alsoExcluded) exclude(distribution.alsoExcluded[row]!);
    // A small difference of large sums has lost its digits: add up what is left instead.
    if (weight < distribution.totalWeight / 2) weight = weightLeft(distribution, marks);
    logWeight = Math.log(weight);
  };

  /** Drawing again until the item is a free one draws the free ones by their own weights. */
  const draw = (random: UniformRandom) => {
    const { propose } = restriction.isNarrow() ? restriction : current!;
    for (let refusals = 0; refusals < MAX_REFUSALS; refusals++) {
      const item = propose(random);
      if (!marks.has(item)) return item;
    }
    restriction.narrow(marks);
    return restriction.propose(random);
  };

  const logProbability = (item: number) => {
    const ofItem = current!.weights[item];
    return ofItem ? Math.log(ofItem) - logWeight : -Infinity;
  };
  return {
    open,
    candidateCount: () => candidateCount,
    logProbability,
    draw,
    remove: (item) => void marks.add(item),
    isExcluded: (item) => marks.has(item),
  };
}

function weightLeft({ support, weights }: Distribution, excluded: Marks): number {
  let sum = 0;
  for (const item of support) if (!excluded.has(item)) sum += weights[item]!;
  return sum;
}
