import type { TypedArray } from '@rodpo/compile';
import {
  type PackedBatch,
  packRows,
  packTokens,
  type RankingCase,
  type ReadonlyList,
} from '@rodpo/data';
import type { BatchLayout } from './batch-layout.ts';
import { packTimes, type UserTimes } from './time-inputs.ts';

export interface RankingBatch {
  /** Whose placements are the batch's cases, by their index. */
  readonly packed: PackedBatch;
  /** What an encoder reads. */
  readonly inputs: Readonly<Record<string, TypedArray>>;
}

/** Every case once: the last items of its history, packed. */
export function* rankingBatches(
  { rowLength, rowCount: rowsPerBatch, maxLength }: BatchLayout,
  cases: ReadonlyList<RankingCase>,
  timesOf: UserTimes | undefined,
): Generator<RankingBatch> {
  const lengths = Int32Array.from(cases, ({ history }) => Math.min(maxLength, history.length));
  const readItems = (index: number) => cases.at(index)!.history.subarray(-maxLength);
  const readTimes = (timesAt: UserTimes, index: number) => {
    const { user, history } = cases.at(index)!;
    return timesAt(user, history.length - lengths[index]!, history.length);
  };
  for (const packed of packRows(lengths, { rowLength, rowsPerBatch })) {
    const { positions, segments } = packed;
    const inputs = {
      items: packTokens(packed, readItems),
      positions,
      segments,
      ...(timesOf ? packTimes(packed, (sequence) => readTimes(timesOf, sequence)) : {}),
    };
    yield { packed, inputs };
  }
}
