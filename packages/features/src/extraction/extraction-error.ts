import { ActionableError } from '@rodpo/errors';
/** A run that stopped, and at which items. Finished shards are intact. */
export class ExtractionError extends ActionableError {
  override readonly name = 'ExtractionError';
  /** The one item that could not be prepared, or all of the batch that could not be embedded. */
  readonly ids: readonly string[];

  constructor(message: string, ids: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.ids = ids;
  }
}
