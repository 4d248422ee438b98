import type { TypedArray } from '@rodpo/compile';
import { type PackedBatch, packRows, packTokens, type RankingCase } from '@rodpo/data';
import { type BatchLayout, usersPerBatch } from './batch-layout.ts';
import { packTimes, type UserTimes } from './time-inputs.ts';

export interface RankingBatch {
  /** Whose placements are the batch's cases, by their index, in the order of its slots. */
  readonly packed: PackedBatch;
  readonly inputs: Readonly<Record<string, TypedArray>>;
}

export interface RankingBatchOptions {
  readonly timesOf: UserTimes | undefined;
  /** Items masked per user: 0 for none, else as `mostMasked` counts them. */
  readonly maskedCount: number;
}

/** Every case once: the items that the encoder reads, and what a rank needs beside them. */
export function* rankingBatches(
  { rowLength, rowCount: rowsPerBatch, maxLength }: BatchLayout,
  cases: readonly RankingCase[],
  { timesOf, maskedCount }: RankingBatchOptions,
): Generator<RankingBatch> {
  const read = cases.map(({ history }) => history.slice(-maxLength));
  const lengths = read.map(({ length }) => length);
  const readTimes = (timesAt: UserTimes, index: number) => {
    const { user, history } = cases[index]!;
    return timesAt(user, history.length - lengths[index]!, history.length);
  };
  const options = { rowLength, rowsPerBatch, maxSequences: usersPerBatch };
  for (const packed of packRows(lengths, options)) {
    const { placements, positions, segments } = packed;
    const slots = (value: (placement: PackedBatch['placements'][number]) => number) => {
      const filled = new Int32Array(usersPerBatch);
      filled.set(placements.map(value));
      return filled;
    };
    const inputs = {
      items: packTokens(packed, (sequence) => read[sequence]!),
      positions,
      segments,
      ...(timesOf ? packTimes(packed, (sequence) => readTimes(timesOf, sequence)) : {}),
      last: slots(({ row, offset, length }) => row * rowLength + offset + length - 1),
      targets: slots(({ sequence }) => cases[sequence]!.target),
      ...(maskedCount > 0 ? { masked: maskedItems(packed, cases, maskedCount) } : {}),
    };
    yield { packed, inputs };
  }
}

/** Most items that one user's mask holds; at least 1, since a program has no empty inputs. */
export function mostMasked(cases: readonly RankingCase[]): number {
  return cases.reduce((most, one) => Math.max(most, masked(one).length), 1);
}

/**
 * Distinct items of the whole history, however few of them the encoder reads. A target that the
 * user chose before stays in the ranking: it is what the case asks for.
 */
function masked({ history, target }: RankingCase): number[] {
  const items = new Set(history);
  items.delete(target);
  return [...items];
}

/** Each user's mask, filled up with the target, which is never masked. */
function maskedItems(
  { placements }: PackedBatch,
  cases: readonly RankingCase[],
  width: number,
): Int32Array {
  const items = new Int32Array(usersPerBatch * width);
  for (const [slot, { sequence }] of placements.entries()) {
    const one = cases[sequence]!;
    items.fill(one.target, slot * width, (slot + 1) * width);
    items.set(masked(one), slot * width);
  }
  return items;
}
