import { itemList, readParquetVectors } from '@rodpo/features';
import { sha256OfFile } from '@rodpo/files';
import { lookedUp } from './looked-up.ts';
import type { OwnVectors } from './own-vectors.ts';

/**
 * Two columns of a Parquet file. A null vector is an item without one.
 *
 * @throws {VectorFileError} of `@rodpo/features` if the file is damaged or its columns are others
 * @throws {Error} (marked as actionable) if hyparquet is not installed
 */
export async function parquetVectors({
  parquet,
  id,
  vector,
}: {
  parquet: string;
  id: string;
  vector: string;
}): Promise<OwnVectors> {
  const items: { id: string; input: string | undefined }[] = [];
  const rowOf = new Map<string, number>();
  const blocks: Float32Array[] = [];
  let dimension = 0;
  for await (const block of readParquetVectors(parquet, { id, vector })) {
    dimension = block.dimension;
    blocks.push(block.vectors);
    for (const [row, own] of block.ids.entries()) {
      rowOf.set(own, rowOf.size);
      items.push({ id: own, input: block.present[row] === 1 ? own : undefined });
    }
  }
  return {
    source: itemList(items),
    embedder: lookedUp(rowOf, joined(blocks), {
      dimension,
      description: {
        model: 'own vectors (Parquet)',
        revision: await sha256OfFile(parquet),
        columns: [id, vector],
      },
    }),
  };
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const block of blocks) {
    whole.set(block, offset);
    offset += block.length;
  }
  return whole;
}
