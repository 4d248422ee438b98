import { actionable, requirePositiveInteger } from '@rodpo/errors';
import { type Candidate, fitRows } from './fit-rows.ts';
import { layOut } from './lay-out.ts';
import type { PackedBatch } from './packed-batch.ts';

export interface PackRowsOptions {
  /** Cells per row: a positive integer, at least the longest sequence. */
  readonly rowLength: number;
  /** Rows of every batch: a positive integer. */
  readonly rowsPerBatch: number;
  /** Which sequences, and in what order: indices into `lengths`. Default: all, in order. */
  readonly order?: Int32Array;
  /** Most sequences per batch: a positive integer. Default: no limit. */
  readonly maxSequences?: number;
}

/**
 * Packs several sequences into each row, so that little of a batch is padding
 * although every batch has the same shape (the last may be mostly padding).
 *
 * Walks `order`, collects slightly more than a batch holds, and fits that into
 * the rows; what finds no room goes first in the next batch. Each entry of
 * `order` is placed exactly once, sequences of length 0 are skipped, and equal
 * arguments give equal batches. Batches are made one at a time, as asked for.
 *
 * @see Krell et al., "Efficient Sequence Packing without Cross-contamination",
 * 2021, https://arxiv.org/abs/2107.02027
 * @throws {RangeError} at the call, if an option is out of range, `order` points
 * outside `lengths`, or a length is not an integer from 0 to `rowLength`
 */
export function packRows(
  lengths: ArrayLike<number>,
  { rowLength, rowsPerBatch, order, maxSequences = Number.POSITIVE_INFINITY }: PackRowsOptions,
): Generator<PackedBatch> {
  requirePositiveInteger('rowLength', rowLength);
  requirePositiveInteger('rowsPerBatch', rowsPerBatch);
  if (maxSequences !== Number.POSITIVE_INFINITY)
    requirePositiveInteger('maxSequences', maxSequences);

  const walk = order ?? Int32Array.from({ length: lengths.length }, (_, sequence) => sequence);
  const queue: Candidate[] = [];
  for (const sequence of walk) {
    const length = checkedLength(sequence, lengths[sequence], rowLength);
    if (length > 0) queue.push({ sequence, length });
  }
  return packQueue(queue, { rowLength, rowsPerBatch, maxSequences });
}

/** With nothing to spare, the last gaps find no sequence short enough; 2 % more is plenty. */
const SURPLUS = 1.02;

function* packQueue(
  queue: readonly Candidate[],
  { rowLength, rowsPerBatch, maxSequences }: Required<Omit<PackRowsOptions, 'order'>>,
): Generator<PackedBatch> {
  const wantedTokens = rowLength * rowsPerBatch * SURPLUS;
  let carried: readonly Candidate[] = [];
  let taken = 0;

  while (carried.length > 0 || taken < queue.length) {
    const begin = taken;
    const mostTaken = Math.min(queue.length, begin + maxSequences - carried.length);
    let tokens = carried.reduce((sum, { length }) => sum + length, 0);
    while (taken < mostTaken && tokens < wantedTokens) tokens += queue[taken++]!.length;

    const { rows, left } = fitRows(carried, queue.slice(begin, taken), rowsPerBatch, rowLength);
    yield layOut(rows, rowLength);
    carried = left;
  }
}

function checkedLength(sequence: number, length: number | undefined, rowLength: number): number {
  if (length === undefined) {
    throw actionable(
      new RangeError(`order must hold indices into lengths, got ${sequence}. Check its source.`),
    );
  }
  if (!Number.isInteger(length) || length < 0 || length > rowLength) {
    throw actionable(
      new RangeError(
        `a length must be an integer from 0 to rowLength ${rowLength}, got ${length} for sequence ` +
          `${sequence}. Cut the sequence or make the rows longer.`,
      ),
    );
  }
  return length;
}
