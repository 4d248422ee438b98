/** Where a history lies among the tokens of a batch. */
export interface Place {
  /** Its number among those that were packed. */
  readonly history: number;
  /** Its first token. */
  readonly start: number;
  readonly length: number;
  /** Which history of its row it is, from 1. */
  readonly segment: number;
}

/** Histories side by side in rows of fixed length. */
export interface PackedHistories {
  readonly rows: number;
  readonly places: readonly Place[];
}

/**
 * Gives every history the first row with room for it, longest first: few tokens are padding, and no
 * history is cut. Their order among each other changes nothing about what they give.
 *
 * @param lengths from 1 to `rowLength`
 */
export function packHistories(lengths: readonly number[], rowLength: number): PackedHistories {
  const order = [...lengths.keys()].sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const rows: { used: number; histories: number }[] = [];
  let [number, former] = [0, 0];
  const places = order.map((history): Place => {
    const length = lengths[history]!;
    // A row without room for one history has none for the next of that length: rows are passed over once for
    // each length that there is, and not for each history.
    if (length !== former) number = 0;
    former = length;
    while (number < rows.length && rows[number]!.used + length > rowLength) number++;
    if (number === rows.length) rows.push({ used: 0, histories: 0 });
    const row = rows[number]!;
    const start = number * rowLength + row.used;
    row.used += length;
    row.histories++;
    return { history, start, length, segment: row.histories };
  });
  return { rows: rows.length, places };
}

/** Gives each of some histories a row that no other is in. @param lengths of all histories */
export function oneARow(
  some: readonly number[],
  lengths: readonly number[],
  rowLength: number,
): PackedHistories {
  const places = some.map((history, row): Place => {
    return { history, start: row * rowLength, length: lengths[history]!, segment: 1 };
  });
  return { rows: some.length, places };
}
