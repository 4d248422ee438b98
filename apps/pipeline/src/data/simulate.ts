import { setImmediate as nextTurn } from 'node:timers/promises';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { type Storefront, type StorefrontOptions, simulateInSteps } from '@rodpo/simulator';
import type { ReadSourceOptions, Source } from './read-source.ts';

/** Milliseconds after which signals, and locks that are to be kept, get a turn. */
const longestTurn = 100;
interface SimulateOptions extends ReadSourceOptions {
  /** Users from which progress is reported: fewer take a moment. */
  readonly fewestWatched?: number;
}

/** Simulates a storefront, in turns: one of a million products takes minutes. */
export async function simulate(
  options: StorefrontOptions & Required<Pick<StorefrontOptions, 'userCount' | 'itemCount'>>,
  seed: number,
  { signal, reporter, fewestWatched = 20_000 }: SimulateOptions = {},
): Promise<Source> {
  const { userCount, itemCount } = options;
  const random = seededRandom(deriveSeed(seed, 'storefront'));
  const steps = simulateInSteps(options, random);
  const progress =
    userCount < fewestWatched ? undefined : reporter?.progress('storefront', userCount, 'users');
  const storefront = await inTurns(steps, {
    ...(signal && { signal }),
    onShare: (grown) => progress?.advance(grown * userCount),
  });
  progress?.done(`simulated ${userCount} users in front of ${itemCount} items`);
  const { userIds, products, sequences, times } = storefront;
  const itemIds = products.map(({ id }) => id);
  return { dataset: { userIds, itemIds, sequences, times }, storefront };
}

interface Turns {
  readonly signal?: AbortSignal;
  /** By how much the share of the work that is done has grown. */
  readonly onShare: (grown: number) => void;
}

async function inTurns(
  steps: Generator<number, Storefront, void>,
  { signal, onShare }: Turns,
): Promise<Storefront> {
  let [begin, told] = [performance.now(), 0];
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
    if (performance.now() - begin < longestTurn) continue;
    onShare(value - told);
    told = value;
    await nextTurn();
    signal?.throwIfAborted();
    begin = performance.now();
  }
}
