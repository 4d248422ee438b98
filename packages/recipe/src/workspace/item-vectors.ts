import { type RowSource, rowsInMemory } from '../rows/row-source.ts';
import { columnsOf, presentOf, valuesOf, vectorsOf } from '../steps/features.ts';
import { misfit } from './misfit.ts';
import { sparseVectors } from './sparse-vectors.ts';

/** One vector per item from outside, such as a store of `@rodpo/features` reads them. */
export interface ItemVectors {
  /** Numbers in a vector. */
  readonly dimension: number;
  /** `[itemCount * dimension]`, in the order of the dataset's items. */
  readonly vectors: Float32Array;
  /** `[itemCount]`: 0 where an item has no vector. Default: all have one. */
  readonly present?: ArrayLike<number>;
}

/** Vectors that are read as they are needed: `reader` of a store of `@rodpo/features` makes one. */
export interface ItemVectorReader {
  readonly dimension: number;
  /** `[itemCount]`: 0 where an item has no vector. Default: all have one. */
  readonly present?: ArrayLike<number>;
  /**
   * Tells these vectors from others: checkpoints in a folder are of one training, and ask for it. Default: all
   * vectors are read for that once, at the start of such a training.
   */
  readonly identity?: string;
  /**
   * Copies the vectors of items side by side, zeros for those without; it is asked once a step.
   *
   * @param items `[count]`, indices into the dataset's items
   * @param into `[count * dimension]` or longer
   */
  gather(items: Int32Array, into: Float32Array): void;
}

/** By modality. */
export type VectorsOfItems = Readonly<Record<string, ItemVectors | ItemVectorReader>>;

/** @throws {RangeError} (marked as actionable) if there are not as many as items */
export function checkVectors(vectors: VectorsOfItems, itemCount: number): void {
  for (const [modality, own] of Object.entries(vectors)) {
    const { dimension, present } = own;
    const expected = itemCount * dimension;
    const given = 'vectors' in own ? own.vectors.length : expected;
    if (given === expected && (present?.length ?? itemCount) === itemCount) continue;
    throw misfit(
      `vectors.${modality} must hold ${itemCount} items of ${dimension} numbers (${expected}), got ` +
        `${given} numbers${present ? ` and ${present.length} marks of presence` : ''}`,
    );
  }
}

/** Numbers in a vector, by modality. */
export function widthsOf(vectors: VectorsOfItems): Record<string, number> {
  return Object.fromEntries(Object.entries(vectors).map(([name, own]) => [name, own.dimension]));
}

/** As programs name them: vectors of modalities, and who has one. */
export function featuresOf(vectors: VectorsOfItems, itemCount: number): Record<string, RowSource> {
  return Object.fromEntries(
    Object.entries(vectors).flatMap(([modality, own]) => {
      const marks = own.present
        ? Float32Array.from(own.present)
        : new Float32Array(itemCount).fill(1);
      const present = rowsInMemory({ shape: [itemCount], data: marks });
      return [...rowsOf(modality, own, itemCount), [presentOf(modality), present] as const];
    }),
  );
}

function rowsOf(
  modality: string,
  own: ItemVectors | ItemVectorReader,
  itemCount: number,
): (readonly [string, RowSource])[] {
  const shape = [itemCount, own.dimension];
  if (!('vectors' in own)) {
    const { identity } = own;
    const gather: RowSource['gather'] = (items, into) => own.gather(items, into);
    const source = identity === undefined ? { shape, gather } : { shape, gather, identity };
    return [[vectorsOf(modality), source]];
  }
  const sparse = sparseVectors(own.vectors, own.dimension);
  if (!sparse) return [[vectorsOf(modality), rowsInMemory({ shape, data: own.vectors })]];
  return [
    [columnsOf(modality), rowsInMemory(sparse.columns)],
    [valuesOf(modality), rowsInMemory(sparse.values)],
  ];
}
