/** Runs up to this length are sorted by insertion: most users are no longer. */
const shortRun = 24;

/**
 * Sorts times in place, and items with them; equal times keep their order. A merge sort over the two
 * arrays themselves: neither indices nor pairs are made.
 */
export function sortByTime(items: Int32Array, times: Float64Array): void {
  if (isSorted(times)) return;
  const { length } = times;
  for (let start = 0; start < length; start += shortRun) {
    insertionSort(items, times, start, Math.min(start + shortRun, length));
  }
  if (length <= shortRun) return;

  const spare = { items: new Int32Array(length), times: new Float64Array(length) };
  for (let width = shortRun; width < length; width *= 2) {
    for (let start = 0; start + width < length; start += 2 * width) {
      merge({ items, times }, spare, start, start + width, Math.min(start + 2 * width, length));
    }
  }
}

function isSorted(times: Float64Array): boolean {
  for (let place = 1; place < times.length; place++) {
    if (times[place]! < times[place - 1]!) return false;
  }
  return true;
}

function insertionSort(items: Int32Array, times: Float64Array, start: number, end: number): void {
  for (let next = start + 1; next < end; next++) {
    const [item, time] = [items[next]!, times[next]!];
    let place = next;
    for (; place > start && times[place - 1]! > time; place--) {
      items[place] = items[place - 1]!;
      times[place] = times[place - 1]!;
    }
    items[place] = item;
    times[place] = time;
  }
}

interface Timed {
  readonly items: Int32Array;
  readonly times: Float64Array;
}

/** Of the sorted runs `[start, middle)` and `[middle, end)` makes one. */
function merge(own: Timed, spare: Timed, start: number, middle: number, end: number): void {
  spare.items.set(own.items.subarray(start, middle));
  spare.times.set(own.times.subarray(start, middle));
  const leftCount = middle - start;
  let [left, right, place] = [0, middle, start];
  while (left < leftCount) {
    const fromRight = right < end && own.times[right]! < spare.times[left]!;
    own.items[place] = fromRight ? own.items[right]! : spare.items[left]!;
    own.times[place] = fromRight ? own.times[right]! : spare.times[left]!;
    if (fromRight) right++;
    else left++;
    place++;
  }
}
