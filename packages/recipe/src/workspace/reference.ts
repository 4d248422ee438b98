import type { SequenceEncoder } from '@rodpo/encoder';
import type { NamedArray } from '@rodpo/files';
import type { BatchLayout } from '../batches/batch-layout.ts';
import { type TrainingBatch, type TrainingSet, trainingBatches } from '../batches/training-set.ts';
import type { ItemTable } from './item-table.ts';
import type { SequenceReader } from './sequence-reader.ts';
import type { Weights } from './weights.ts';

/** A frozen model: whatever it has to say of a token and an item is one dot product. */
export interface Reference {
  /** One vector per training token: `[tokenCount * width]`. */
  readonly tokens: Float32Array;
  /** `[itemCount, width]`. */
  readonly items: NamedArray;
}

export interface ReferenceParts {
  readonly encoder: SequenceEncoder;
  readonly layout: BatchLayout;
  readonly set: TrainingSet;
  readonly itemTable: ItemTable;
  readonly reader: SequenceReader;
}

/** Everything the frozen reference will be asked: it has no dropout and never changes. */
export async function referenceVectors(
  { layout, set, encoder: { width }, itemTable, reader }: ReferenceParts,
  weights: Weights,
): Promise<Reference> {
  const items = await itemTable.vectors(weights);
  const read = reader.with(weights, items);
  const vectors = new Float32Array(set.tokenCount * width);
  for (const batch of trainingBatches(set, layout)) {
    const { targets: _, weights: __, ...tokens } = batch.inputs;
    const hidden = await read(tokens);
    eachToken(batch, set, width, (packed, kept, count) => {
      vectors.set(hidden.subarray(packed, packed + count), kept);
    });
  }
  return { tokens: vectors, items };
}

/** The reference's vectors of a batch's tokens, laid out as the batch is: `[tokens · width]`. */
export function packReference(
  batch: Pick<TrainingBatch, 'packed'>,
  set: TrainingSet,
  { tokens }: Pick<Reference, 'tokens'>,
  width: number,
): Float32Array {
  const laidOut = new Float32Array(batch.packed.rows * batch.packed.rowLength * width);
  eachToken(batch, set, width, (packed, kept, count) => {
    laidOut.set(tokens.subarray(kept, kept + count), packed);
  });
  return laidOut;
}

/** Where the numbers of each sequence begin, in a packed batch and in the order of the tokens. */
function eachToken(
  { packed: { placements, rowLength } }: Pick<TrainingBatch, 'packed'>,
  { firstTokens }: TrainingSet,
  width: number,
  copy: (packed: number, kept: number, count: number) => void,
): void {
  for (const { sequence, row, offset, length } of placements) {
    copy((row * rowLength + offset) * width, firstTokens[sequence]! * width, length * width);
  }
}
