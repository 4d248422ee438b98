/** Runs up to this length are sorted by insertion: most users are no longer. */
const shortRun = 24;

/**
 * Makes a function that sorts a stretch of keys in ascending order, and the values beside them with
 * them; equal keys stay as they stand.
 *
 * @param maxLength of the stretches that it will be given
 */
export function createStableSort(
  maxLength: number,
): (keys: Float64Array, values: Int32Array, start: number, end: number) => void {
  const spareKeys = new Float64Array(maxLength >> 1);
  const spareValues = new Int32Array(maxLength >> 1);
  return (keys, values, start, end) => {
    if (isSorted(keys, start, end)) return;
    for (let run = start; run < end; run += shortRun) {
      insertionSort(keys, values, run, Math.min(run + shortRun, end));
    }
    for (let width = shortRun; width < end - start; width *= 2) {
      for (let left = start; left + width < end; left += 2 * width) {
        const stretch = { left, middle: left + width, right: Math.min(left + 2 * width, end) };
        merge({ keys, values, spareKeys, spareValues }, stretch);
      }
    }
  };
}

function isSorted(keys: Float64Array, start: number, end: number): boolean {
  for (let place = start + 1; place < end; place++) {
    if (keys[place]! < keys[place - 1]!) return false;
  }
  return true;
}

function insertionSort(keys: Float64Array, values: Int32Array, start: number, end: number): void {
  for (let next = start + 1; next < end; next++) {
    const [key, value] = [keys[next]!, values[next]!];
    let place = next;
    for (; place > start && keys[place - 1]! > key; place--) {
      keys[place] = keys[place - 1]!;
      values[place] = values[place - 1]!;
    }
    keys[place] = key;
    values[place] = value;
  }
}

interface Columns {
  readonly keys: Float64Array;
  readonly values: Int32Array;
  readonly spareKeys: Float64Array;
  readonly spareValues: Int32Array;
}

/**
 * Of the sorted runs from `left` and from `middle` on makes one. The shorter one is kept aside: the right
 * one is at most as long as the left one, and merged from the back.
 */
function merge(
  { keys, values, spareKeys, spareValues }: Columns,
  { left, middle, right }: { left: number; middle: number; right: number },
): void {
  const count = right - middle;
  spareKeys.set(keys.subarray(middle, right));
  spareValues.set(values.subarray(middle, right));
  let [fromLeft, fromRight, place] = [middle - 1, count - 1, right - 1];
  for (; fromRight >= 0; place--) {
    if (fromLeft >= left && keys[fromLeft]! > spareKeys[fromRight]!) {
      keys[place] = keys[fromLeft]!;
      values[place] = values[fromLeft--]!;
    } else {
      keys[place] = spareKeys[fromRight]!;
      values[place] = spareValues[fromRight--]!;
    }
  }
}
