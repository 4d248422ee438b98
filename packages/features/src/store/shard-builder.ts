import type { Failure } from './failure.ts';

/** Collects a shard's vectors and failures, in catalogue order. */
export interface ShardBuilder {
  /** Items so far, with or without a vector. */
  readonly itemCount: number;
  readonly ids: readonly string[];
  readonly failures: readonly Failure[];
  /** `[ids.length, dimension]`: a view. */
  vectors(): Float32Array;
  /** Adds a vector, or the failure that it is if it holds NaN or infinity: that is returned. */
  add(id: string, vector: Float32Array): Failure | undefined;
  addFailure(failure: Failure): void;
}

/** @param expected how many items to make room for; more than that cost copies */
export function shardBuilder(dimension: number, expected: number): ShardBuilder {
  let vectors = new Float32Array(expected * dimension);
  const ids: string[] = [];
  const failures: Failure[] = [];
  return {
    get itemCount() {
      return ids.length + failures.length;
    },
    ids,
    failures,
    vectors: () => vectors.subarray(0, ids.length * dimension),
    add: (id, vector) => {
      const place = vector.findIndex((value) => !Number.isFinite(value));
      if (place < 0) {
        const end = (ids.length + 1) * dimension;
        if (end > vectors.length) vectors = grown(vectors, 2 * end);
        vectors.set(vector, end - dimension);
        ids.push(id);
        return undefined;
      }
      const message = `The vector has ${vector[place]} at position ${place}.`;
      const failure: Failure = { id, reason: 'notFinite', message };
      failures.push(failure);
      return failure;
    },
    addFailure: (failure) => {
      failures.push(failure);
    },
  };
}

function grown(values: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(length);
  larger.set(values);
  return larger;
}
