import type { DuckDBConnection } from '@duckdb/node-api';
import type { FlatDataset } from '../dataset/flat-dataset.ts';
import { FlatSequences } from '../dataset/flat-sequences.ts';
import { numericOrder, placesIn } from '../dataset/order-items.ts';
import { placeByUser } from '../dataset/place-by-user.ts';
import type { HashNumbers } from './hash-numbers.ts';
import { numberIds } from './number-ids.ts';
import type { ReadTableOptions } from './table-options.ts';
import { doublesOf, hashesOf, vectorsOf } from './vectors.ts';

/**
 * Makes sequences of the table `rows("user", item, time, kept)`, in its order: a scan keeps it. DuckDB
 * counts the ids; rows come as hashes and times, and each goes to its place at once.
 */
export async function placeRows(
  connection: DuckDBConnection,
  {
    hasTimes,
    signal,
    onProgress,
  }: { hasTimes: boolean } & Pick<ReadTableOptions, 'signal' | 'onProgress'>,
): Promise<FlatDataset> {
  onProgress?.('numbering users', 0);
  const users = await numberIds(connection, 'user');
  onProgress?.('numbering items', 0);
  const items = await numberIds(connection, 'item');
  const total = users.counts.reduce((sum, count) => sum + count, 0);

  const placement = placeByUser(users.counts, hasTimes);
  const userOrder = new FirstSeen(users.ids.length);
  const numeric = numericOrder(items.ids);
  const itemOrder = numeric ? { order: numeric, places: placesIn(numeric) } : undefined;
  const itemsSeen = new FirstSeen(itemOrder ? 0 : items.ids.length);
  const query = `select ${users.hash}, ${items.hash}${hasTimes ? ', time' : ''} from rows where kept`;
  let done = 0;
  for await (const [user, item, time] of vectorsOf(connection, query)) {
    signal?.throwIfAborted();
    const userNumbers = numbersOf(hashesOf(user!), users.numbers);
    const itemNumbers = numbersOf(hashesOf(item!), items.numbers);
    const times = hasTimes ? doublesOf(time!) : undefined;
    for (let row = 0; row < userNumbers.length; row++) {
      const own = userNumbers[row]!;
      const chosen = itemNumbers[row]!;
      userOrder.placeOf(own);
      const index = itemOrder ? itemOrder.places[chosen]! : itemsSeen.placeOf(chosen);
      placement.place(own, index, times ? times[row]! : 0);
    }
    done += userNumbers.length;
    onProgress?.('placing', done / total);
  }
  const { sequences, times } = placement.finish();
  const inOrder = (ids: readonly string[], order: Int32Array) =>
    Array.from(order, (number) => ids[number]!);
  const starts = Float64Array.from(userOrder.order, (user) => sequences.starts[user]!);
  const ends = Float64Array.from(userOrder.order, (user) => sequences.ends[user]!);
  return {
    userIds: inOrder(users.ids, userOrder.order),
    itemIds: inOrder(items.ids, itemOrder ? itemOrder.order : itemsSeen.order),
    sequences: new FlatSequences(sequences.values, starts, ends),
    ...(times ? { times: new FlatSequences(times.values, starts, ends) } : {}),
  };
}

function numbersOf(hashes: Uint32Array, numbers: HashNumbers): Int32Array {
  const found = new Int32Array(hashes.length / 2);
  for (let row = 0; row < found.length; row++) {
    found[row] = numbers.get(hashes[2 * row]!, hashes[2 * row + 1]!);
  }
  return found;
}

/** In which order numbers are seen for the first time. */
class FirstSeen {
  /** The numbers, in that order. */
  readonly order: Int32Array;
  readonly #places: Int32Array;
  #count = 0;

  constructor(count: number) {
    this.order = new Int32Array(count);
    this.#places = new Int32Array(count).fill(-1);
  }

  /** Where the number stands in the order; at its end, if it is seen for the first time. */
  placeOf(number: number): number {
    const known = this.#places[number]!;
    if (known >= 0) return known;
    this.order[this.#count] = number;
    this.#places[number] = this.#count;
    return this.#count++;
  }
}
