import type { SequenceDataset } from '@rodpo/data';

/** True tastes, which only a simulation knows. A matrix need not exist: of a million items none fits. */
export interface Tastes {
  /** Whether the user would like the item; both are indices into the dataset. */
  likes(user: number, item: number): boolean;
}

/** Who chose what, and the true tastes where a simulation knows them. */
export interface Dataset extends SequenceDataset {
  /** Only for simulated data. */
  readonly tastes?: Tastes;
}

/** Tastes written out: `[users * items]` row-major, 1 where the user would like the item, else 0. */
export function matrixTastes(liked: Uint8Array, itemCount: number): Tastes {
  return { likes: (user, item) => liked[user * itemCount + item] === 1 };
}
