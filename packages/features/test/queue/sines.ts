import { type Embedder, type ItemSource, itemList } from '@rodpo/features';

/** A catalogue of 60 numbers, cut into 10 shards of two batches each. */
export const catalogue: ItemSource<number> = itemList(
  Array.from({ length: 60 }, (_, index) => ({ id: `item-${index}`, input: index })),
);
export const cut = { shardSize: 6, batchSize: 3 };
export const shardCount = 10;

/** A number n as (sin n, sin 2n, sin 3n, sin 4n). `beforeBatch` may be slow. */
export function sines(
  beforeBatch: (batch: readonly number[]) => Promise<void> = async () => {},
): Embedder<number, number> {
  return {
    dimension: 4,
    description: { model: 'sines', revision: '1' },
    prepare: async (input) => input,
    embed: async (batch) => {
      await beforeBatch(batch);
      return Float32Array.from(batch.flatMap((n) => [1, 2, 3, 4].map((k) => Math.sin(k * n))));
    },
    dispose: async () => {},
  };
}
