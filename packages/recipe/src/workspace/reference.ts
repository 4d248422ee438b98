import type { NamedArray } from '@rodpo/files';
import type { BatchLayout } from '../batches/batch-layout.ts';
import { type TrainingBatch, type TrainingSet, trainingBatches } from '../batches/training-set.ts';
import { candidates, encodeStep } from '../steps/encode-step.ts';
import { tokenSpecs } from '../steps/tokens.ts';
import type { Engine } from './engine.ts';
import type { ItemTable, Model } from './item-table.ts';
import type { Weights } from './weights.ts';

/** A frozen model: whatever it has to say of a token and an item is one dot product. */
export interface Reference {
  /** One vector per training token: `[tokenCount * width]`. */
  readonly tokens: Float32Array;
  /** `[itemCount, width]`. */
  readonly items: NamedArray;
}

export interface ReferenceParts extends Model {
  readonly engine: Engine;
  readonly layout: BatchLayout;
  readonly set: TrainingSet;
  readonly itemTable: ItemTable;
}

/** Everything the frozen reference will be asked: it has no dropout and never changes. */
export async function referenceVectors(
  { engine, layout, set, encoder, itemTable }: ReferenceParts,
  weights: Weights,
): Promise<Reference> {
  const { width } = encoder;
  const items = await itemTable.vectors(weights);
  const program = await engine.program(encodeStep(layout, encoder), {
    state: { ...weights, [candidates]: items },
    inputs: tokenSpecs(layout),
  });
  const vectors = new Float32Array(set.tokenCount * width);
  try {
    for (const batch of trainingBatches(set, layout)) {
      const { targets: _, weights: __, ...tokens } = batch.inputs;
      const { hidden } = await program.run(tokens);
      eachToken(batch, set, width, (packed, kept, count) => {
        vectors.set((hidden as Float32Array).subarray(packed, packed + count), kept);
      });
    }
  } finally {
    await program.dispose();
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
