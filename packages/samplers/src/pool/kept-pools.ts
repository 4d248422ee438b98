import type { ItemLists } from '../negative-sampler.ts';
import type { CachedPoolState } from './cached-pool.ts';
import { type Pool, positionOf, reserve } from './pool.ts';

/** Pools by key, and how old they are. */
export interface KeptPools {
  /** Whether a pool is missing, `refreshEvery` or more steps old, or from a later step. */
  isDue(key: number, step: number, refreshEvery: number): boolean;
  put(key: number, step: number, pool: Pool): void;
  /** Fills `pool` with the items and logits of a kept one. */
  take(key: number, pool: Pool): void;
  /** Takes the excluded items of one row out of a pool. */
  leaveOut(pool: Pool, excluded: ItemLists, row: number): void;
  state(): CachedPoolState;
  load(state: CachedPoolState): void;
}

export interface KeptPoolsOptions {
  readonly keyCount: number;
  readonly poolSize: number;
  readonly hasLogits: boolean;
}

const NONE = -1;

export function keptPools({ keyCount, poolSize, hasLogits }: KeptPoolsOptions): KeptPools {
  const items = new Int32Array(keyCount * poolSize).fill(NONE);
  const logits = new Float64Array(hasLogits ? keyCount * poolSize : 0);
  const refreshedAt = new Int32Array(keyCount).fill(NONE);
  const isLeftOut = new Uint8Array(poolSize);

  return {
    isDue(key, step, refreshEvery) {
      const since = refreshedAt[key]!;
      return since === NONE || step < since || step - since >= refreshEvery;
    },
    put(key, step, pool) {
      const start = key * poolSize;
      for (let index = 0; index < poolSize; index++) {
        items[start + index] = index < pool.size ? pool.items[index]! : NONE;
        if (hasLogits) logits[start + index] = index < pool.size ? pool.logits[index]! : 0;
      }
      refreshedAt[key] = step;
    },
    take(key, pool) {
      reserve(pool, poolSize);
      const start = key * poolSize;
      let size = 0;
      for (; size < poolSize && items[start + size] !== NONE; size++) {
        pool.items[size] = items[start + size]!;
        if (hasLogits) pool.logits[size] = logits[start + size]!;
      }
      pool.size = size;
    },
    leaveOut: (pool, excluded, row) => leaveOut(pool, excluded, row, isLeftOut),
    state: () => ({
      items: items.slice(),
      logits: logits.slice(),
      refreshedAt: refreshedAt.slice(),
    }),
    load(state) {
      const mine: CachedPoolState = { items, logits, refreshedAt };
      const names = ['items', 'logits', 'refreshedAt'] as const;
      for (const name of names) checkLength(state[name].length, mine[name].length, name);
      for (const name of names) mine[name].set(state[name]);
    },
  };
}

function leaveOut(pool: Pool, excluded: ItemLists, row: number, isLeftOut: Uint8Array): void {
  isLeftOut.fill(0);
  for (let index = excluded.offsets[row]!; index < excluded.offsets[row + 1]!; index++) {
    const position = positionOf(pool, excluded.items[index]!);
    if (position >= 0) isLeftOut[position] = 1;
  }
  let kept = 0;
  for (let position = 0; position < pool.size; position++) {
    if (isLeftOut[position]) continue;
    pool.items[kept] = pool.items[position]!;
    pool.logits[kept++] = pool.logits[position]!;
  }
  pool.size = kept;
}

function checkLength(actual: number, expected: number, name: string): void {
  if (actual === expected) return;
  throw new RangeError(
    `${name} must have ${expected} elements, as keyCount, poolSize and weighting say, ` +
      `got ${actual}`,
  );
}
