/** A query left fewer candidates than the negatives asked for. */
export class PoolTooSmallError extends Error {
  override readonly name = 'PoolTooSmallError';
  readonly available: number;
  readonly requested: number;

  constructor(available: number, requested: number) {
    super(
      `Cannot draw ${requested} distinct negatives from a pool of ${available}. ` +
        'Ask for fewer, widen the pool, or exclude fewer items.',
    );
    this.available = available;
    this.requested = requested;
  }
}
