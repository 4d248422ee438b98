import type { Embedder, EmbedderDescription } from '@rodpo/features';

/** An embedder of ids: their vectors, out of `[rows, dimension]` in memory. */
export function lookedUp(
  rowOf: ReadonlyMap<string, number>,
  vectors: Float32Array,
  { dimension, description }: { dimension: number; description: EmbedderDescription },
): Embedder<string> {
  return {
    dimension,
    description,
    prepare: async (id) => id,
    embed: async (batch) => {
      const found = new Float32Array(batch.length * dimension);
      for (const [place, id] of (batch as readonly string[]).entries()) {
        const row = rowOf.get(id)!;
        found.set(vectors.subarray(row * dimension, (row + 1) * dimension), place * dimension);
      }
      return found;
    },
    dispose: async () => {},
  };
}
