import type { Candidate } from './fit-rows.ts';
import type { PackedBatch, Placement } from './packed-batch.ts';

/** Places the sequences of each row one after another, from the left. */
export function layOut(rows: readonly Candidate[][], rowLength: number): PackedBatch {
  const placements: Placement[] = [];
  const positions = new Int32Array(rows.length * rowLength);
  const segments = new Int32Array(rows.length * rowLength);

  for (const [row, members] of rows.entries()) {
    let offset = 0;
    for (const [index, { sequence, length }] of members.entries()) {
      placements.push({ sequence, row, offset, length });
      const start = row * rowLength + offset;
      for (let position = 0; position < length; position++) positions[start + position] = position;
      segments.fill(index + 1, start, start + length);
      offset += length;
    }
  }
  return { rows: rows.length, rowLength, placements, positions, segments };
}
