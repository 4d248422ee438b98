import type { FlatDataset } from '../dataset/flat-dataset.ts';
import type { InteractionMask } from './interaction-mask.ts';
import type { CoreThresholds } from './keep-core.ts';

/**
 * Takes out of `kept` what is not in the largest part in which every user and every item has enough
 * interactions.
 *
 * Users and items that have too few wait in a queue, and each is taken out once: linear in the
 * number of interactions, however long the chain in which one removal causes the next. Needs 4 bytes
 * for each interaction beside the dataset.
 *
 * @see Batagelj and Zaveršnik, "An O(m) Algorithm for Cores Decomposition of Networks", 2003,
 * https://arxiv.org/abs/cs/0310049, for cores by degrees
 */
export function peelCore(
  dataset: FlatDataset,
  kept: InteractionMask,
  thresholds: CoreThresholds,
): void {
  const { values, starts, ends } = dataset.sequences;
  const graph = degreesOf(dataset, kept);
  const users = new Falling(graph.userDegrees, thresholds.users);
  const items = new Falling(graph.itemDegrees, thresholds.items);
  const owners = ownersOf(dataset, kept, graph.itemDegrees);

  while (users.isWaiting || items.isWaiting) {
    while (users.isWaiting) {
      const user = users.next();
      let next = graph.begins[user]!;
      for (let at = starts[user]!; at < ends[user]!; at++) {
        if (kept[next++]) items.lower(values[at]!);
      }
    }
    while (items.isWaiting) {
      const item = items.next();
      const end = owners.begins[item + 1]!;
      for (let at = owners.begins[item]!; at < end; at++) users.lower(owners.users[at]!);
    }
  }

  let next = 0;
  for (let user = 0; user < starts.length; user++) {
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (users.hasFallen(user) || items.hasFallen(values[at]!)) kept[next] = 0;
      next++;
    }
  }
}

/** Users or items by their degrees: one that falls below the threshold waits to be taken out. */
class Falling {
  private readonly degrees: Int32Array;
  private readonly threshold: number;
  private readonly queue: Int32Array;
  private begin = 0;
  private end = 0;

  /** Counts down in a copy of `degrees`. */
  constructor(degrees: Int32Array, threshold: number) {
    this.degrees = degrees.slice();
    this.threshold = threshold;
    this.queue = new Int32Array(degrees.length);
    for (const [index, degree] of degrees.entries()) if (degree < threshold) this.fall(index);
  }

  get isWaiting(): boolean {
    return this.begin < this.end;
  }

  next(): number {
    return this.queue[this.begin++]!;
  }

  hasFallen(index: number): boolean {
    return this.degrees[index]! < 0;
  }

  /** One interaction less. */
  lower(index: number): void {
    const degree = this.degrees[index]!;
    if (degree < 0) return;
    this.degrees[index] = degree - 1;
    if (degree - 1 < this.threshold) this.fall(index);
  }

  private fall(index: number): void {
    this.degrees[index] = -1;
    this.queue[this.end++] = index;
  }
}

function degreesOf({ sequences, itemIds }: FlatDataset, kept: InteractionMask) {
  const { values, starts, ends } = sequences;
  const userDegrees = new Int32Array(sequences.length);
  const itemDegrees = new Int32Array(itemIds.length);
  const begins = new Float64Array(sequences.length); // places may exceed 2³¹
  let next = 0;
  for (let user = 0; user < starts.length; user++) {
    begins[user] = next;
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (kept[next++] === 0) continue;
      userDegrees[user]!++;
      itemDegrees[values[at]!]!++;
    }
  }
  return { userDegrees, itemDegrees, begins };
}

/** The users of each item, one for each interaction; those of item i begin at `begins[i]`. */
function ownersOf(
  { sequences }: FlatDataset,
  kept: InteractionMask,
  itemDegrees: Int32Array,
): { readonly users: Int32Array; readonly begins: Uint32Array } {
  const begins = new Uint32Array(itemDegrees.length + 1);
  for (let item = 0; item < itemDegrees.length; item++) {
    begins[item + 1] = begins[item]! + itemDegrees[item]!;
  }
  const users = new Int32Array(begins[itemDegrees.length]!);
  const next = begins.slice();
  const { values, starts, ends } = sequences;
  let place = 0;
  for (let user = 0; user < starts.length; user++) {
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (kept[place++]) users[next[values[at]!]!++] = user;
    }
  }
  return { users, begins };
}
