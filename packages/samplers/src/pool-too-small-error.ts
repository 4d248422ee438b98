/** A row left fewer candidates than the negatives asked for. */
export class PoolTooSmallError extends Error {
  override readonly name = 'PoolTooSmallError';
  /** How many candidates the row leaves. */
  readonly available: number;
  readonly requested: number;
  /** The first row that leaves too few. */
  readonly row: number;

  constructor(available: number, requested: number, row: number) {
    super(
      `Cannot draw ${requested} negatives for row ${row}, which leaves ${available} candidates. ` +
        'Ask for fewer, widen the pool, or exclude fewer items.',
    );
    this.available = available;
    this.requested = requested;
    this.row = row;
  }
}
