import type { RankingCase, ReadonlyList } from '@rodpo/data';
import type { BatchLayout } from '../batches/batch-layout.ts';
import { rankingBatches } from '../batches/ranking-batches.ts';
import type { UserTimes } from '../batches/time-inputs.ts';
import type { ReadTokens } from './sequence-reader.ts';

export interface UserVectorsOptions {
  readonly layout: BatchLayout;
  readonly timesOf: UserTimes | undefined;
  /** Numbers of a vector. */
  readonly width: number;
}

/** What each case's user wants after the whole history: `[cases · width]`. */
export async function userVectors(
  read: ReadTokens,
  cases: ReadonlyList<RankingCase>,
  { layout, timesOf, width }: UserVectorsOptions,
): Promise<Float32Array> {
  const vectors = new Float32Array(cases.length * width);
  for (const { packed, inputs } of rankingBatches(layout, cases, timesOf)) {
    const hidden = await read(inputs);
    for (const { sequence, row, offset, length } of packed.placements) {
      const last = (row * packed.rowLength + offset + length - 1) * width;
      vectors.set(hidden.subarray(last, last + width), sequence * width);
    }
  }
  return vectors;
}
