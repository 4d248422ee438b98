import type { Sequences } from '@rodpo/data';

/** What came directly after each item, and how often. */
export interface Successors {
  /** The different items that followed one, by their index, and how often each did. */
  of(item: number): { readonly items: Int32Array; readonly times: Int32Array };
  /** How often one item followed another. */
  times(item: number, next: number): number;
}

/** Counts the pairs of neighbours, in arrays that are as long as there are interactions. */
export function successorsOf(sequences: Sequences, itemCount: number): Successors {
  const starts = startsOf(sequences, itemCount);
  const items = new Int32Array(starts[itemCount]!);
  const filled = starts.slice();
  for (const sequence of sequences) {
    for (let place = 1; place < sequence.length; place++) {
      items[filled[sequence[place - 1]!]!++] = sequence[place]!;
    }
  }
  const times = new Int32Array(items.length);
  const ends = new Float64Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    ends[item] = countEqual(items, times, starts[item]!, starts[item + 1]!);
  }
  return {
    of: (item) => ({
      items: items.subarray(starts[item], ends[item]),
      times: times.subarray(starts[item], ends[item]),
    }),
    times: (item, next) => {
      const place = placeOf(items, next, starts[item]!, ends[item]!);
      return place === undefined ? 0 : times[place]!;
    },
  };
}

/** Where the successors of each item begin, and at last where all of them end: `[itemCount + 1]`. */
function startsOf(sequences: Sequences, itemCount: number): Float64Array {
  const starts = new Float64Array(itemCount + 1);
  for (const sequence of sequences) {
    for (let place = 1; place < sequence.length; place++) starts[sequence[place - 1]! + 1]!++;
  }
  for (let item = 0; item < itemCount; item++) starts[item + 1]! += starts[item]!;
  return starts;
}

/** Sorts a part and keeps each number once, with its count beside it; where what is kept ends. */
function countEqual(items: Int32Array, times: Int32Array, from: number, to: number): number {
  items.subarray(from, to).sort();
  let end = from;
  for (let place = from; place < to; place++) {
    if (place === from || items[place] !== items[end - 1]) items[end++] = items[place]!;
    times[end - 1]!++;
  }
  return end;
}

function placeOf(items: Int32Array, wanted: number, from: number, to: number): number | undefined {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (items[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low < to && items[low] === wanted ? low : undefined;
}
