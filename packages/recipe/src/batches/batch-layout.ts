import type { IntervalBucketOptions } from '@rodpo/encoder';

/** How sequences are laid out for an encoder; sizes are counts. */
export interface BatchLayout {
  /** Tokens that a packed row holds; at least `maxLength`. */
  readonly rowLength: number;
  readonly rowCount: number;
  /** Tokens whose catalogue scores exist at a time; divides `rowLength` · `rowCount`. */
  readonly blockSize: number;
  /** Most recent items of a sequence that the encoder reads. */
  readonly maxLength: number;
  /** How the encoder tells times apart; absent if it reads none. */
  readonly intervals?: Required<IntervalBucketOptions>;
}

/** Tokens of a packed batch, padding among them. */
export function tokenCount({
  rowCount,
  rowLength,
}: Pick<BatchLayout, 'rowCount' | 'rowLength'>): number {
  return rowCount * rowLength;
}

/** Most training items of a user that are read: those an encoder sees, and the last one's target. */
export function historyWidth({ maxLength }: Pick<BatchLayout, 'maxLength'>): number {
  return maxLength + 1;
}
