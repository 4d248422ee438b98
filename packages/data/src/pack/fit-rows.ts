/** A sequence that waits for a place. */
export interface Candidate {
  readonly sequence: number;
  readonly length: number;
}

export interface FittedRows {
  /** The candidates of each row, in the order they were placed. */
  readonly rows: readonly Candidate[][];
  /** Those that found no room, oldest first. */
  readonly left: readonly Candidate[];
}

/**
 * Best fit: every candidate goes to the fullest row that still has room, ties to
 * the first. `carried` come first, in order, so the oldest always gets a place;
 * then `fresh`, longest first (best-fit decreasing).
 *
 * @see Johnson, "Near-Optimal Bin Packing Algorithms", MIT 1973
 */
export function fitRows(
  carried: readonly Candidate[],
  fresh: readonly Candidate[],
  rowCount: number,
  rowLength: number,
): FittedRows {
  const rows = Array.from({ length: rowCount }, (): Candidate[] => []);
  const room = new Int32Array(rowCount).fill(rowLength);
  const left = new Set<Candidate>();

  const place = (candidate: Candidate): void => {
    const row = fullestRowWithRoom(room, candidate.length);
    if (row < 0) {
      left.add(candidate);
      return;
    }
    rows[row]!.push(candidate);
    room[row]! -= candidate.length;
  };
  for (const candidate of carried) place(candidate);
  for (const candidate of fresh.toSorted((a, b) => b.length - a.length)) place(candidate);

  return { rows, left: [...carried, ...fresh].filter((candidate) => left.has(candidate)) };
}

function fullestRowWithRoom(room: Int32Array, length: number): number {
  let best = -1;
  let bestRoom = Number.POSITIVE_INFINITY;
  for (let row = 0; row < room.length; row++) {
    const own = room[row]!;
    if (own >= length && own < bestRoom) {
      best = row;
      bestRoom = own;
      if (own === length) break; // cannot fit better
    }
  }
  return best;
}
