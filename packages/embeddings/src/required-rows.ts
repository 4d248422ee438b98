/** @throws {RangeError} unless there are `count` indices */
export function requireCount(count: number, indices: Int32Array): void {
  if (Number.isSafeInteger(count) && count >= 0 && count <= indices.length) return;
  throw new RangeError(`count must be an integer from 0 to ${indices.length}, got ${count}`);
}

/** @throws {RangeError} unless an array holds `size` numbers or more */
export function requireRoom(name: string, array: Float32Array, size: number): void {
  if (array.length >= size) return;
  throw new RangeError(`${name} must hold ${size} numbers or more, got ${array.length}`);
}

/** @throws {RangeError} unless each of the first `count` indices is one of `rows` */
export function requireRows(indices: Int32Array, count: number, rows: number): void {
  for (let n = 0; n < count; n++) {
    const row = indices[n]!;
    if (row >= 0 && row < rows) continue;
    throw new RangeError(
      `indices[${n}] must be a row of the table, from 0 to ${rows - 1}, got ${row}`,
    );
  }
}

/**
 * Tells rows that come twice, at a byte for each row of the table.
 *
 * @returns a check of the first `count` indices, all of them rows of the table
 */
export function distinctRows(rows: number): (indices: Int32Array, count: number) => void {
  const isMarked = new Uint8Array(rows);
  return (indices, count) => {
    let checked = 0;
    while (checked < count && isMarked[indices[checked]!] === 0) isMarked[indices[checked++]!] = 1;
    for (let n = 0; n < checked; n++) isMarked[indices[n]!] = 0;
    if (checked === count) return;
    const row = indices[checked]!;
    throw new RangeError(
      `indices must be distinct, got row ${row} at ${indices.indexOf(row)} and at ${checked}. ` +
        'Add the gradients of a row up, and give it once.',
    );
  };
}
