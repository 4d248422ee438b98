import type { SequenceDataset } from '@rodpo/data';

/** Who chose what, and the true tastes where a simulation knows them. */
export interface Dataset extends SequenceDataset {
  /** `[users * items]` row-major, 1 = the user would like the item; only for simulated data. */
  readonly liked?: Uint8Array;
}
