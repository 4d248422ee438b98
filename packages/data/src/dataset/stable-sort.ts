/** Runs up to this length are sorted by insertion: most users are no longer. */
const shortRun = 24;

/**
 * Makes a function that tells in which order keys ascend, equal ones as they stand; undefined if they
 * ascend already. What it returns lives until the next call.
 *
 * @param maxLength of the keys that it will be asked about
 */
export function createStableOrder(
  maxLength: number,
): (keys: Float64Array) => Int32Array | undefined {
  const order = new Int32Array(maxLength);
  const spare = new Int32Array(maxLength);
  return (keys) => {
    if (isSorted(keys)) return undefined;
    const own = order.subarray(0, keys.length);
    for (let place = 0; place < own.length; place++) own[place] = place;
    for (let start = 0; start < own.length; start += shortRun) {
      insertionSort(keys, own, start, Math.min(start + shortRun, own.length));
    }
    for (let width = shortRun; width < own.length; width *= 2) {
      for (let start = 0; start + width < own.length; start += 2 * width) {
        const end = Math.min(start + 2 * width, own.length);
        merge({ keys, own, spare }, { start, middle: start + width, end });
      }
    }
    return own;
  };
}

function isSorted(keys: Float64Array): boolean {
  for (let place = 1; place < keys.length; place++) {
    if (keys[place]! < keys[place - 1]!) return false;
  }
  return true;
}

function insertionSort(keys: Float64Array, order: Int32Array, start: number, end: number): void {
  for (let next = start + 1; next < end; next++) {
    const index = order[next]!;
    let place = next;
    while (place > start && keys[order[place - 1]!]! > keys[index]!) {
      order[place] = order[place - 1]!;
      place--;
    }
    order[place] = index;
  }
}

/** Of the sorted runs `[start, middle)` and `[middle, end)` makes one. */
function merge(
  { keys, own, spare }: { keys: Float64Array; own: Int32Array; spare: Int32Array },
  { start, middle, end }: { start: number; middle: number; end: number },
): void {
  const leftCount = middle - start;
  spare.set(own.subarray(start, middle));
  let [left, right, place] = [0, middle, start];
  while (left < leftCount) {
    const fromRight = right < end && keys[own[right]!]! < keys[spare[left]!]!;
    own[place++] = fromRight ? own[right++]! : spare[left++]!;
  }
}
