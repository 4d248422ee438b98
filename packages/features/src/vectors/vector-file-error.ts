import { ActionableError } from '@rodpo/errors';
/** A file of vectors or ids that cannot be read: damaged, or of a kind that is not read. */
export class VectorFileError extends ActionableError {
  override readonly name = 'VectorFileError';
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
    this.file = file;
  }
}
