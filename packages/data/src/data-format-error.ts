import { ActionableError } from '@rodpo/errors';

/**
 * A line of a data file is not what the format asks for. The message begins
 * `file:line: `, which editors and terminals turn into a link.
 */
export class DataFormatError extends ActionableError {
  override readonly name = 'DataFormatError';
  readonly file: string;
  /** 1-based. */
  readonly line: number;

  constructor(file: string, line: number, problem: string, options?: ErrorOptions) {
    super(`${file}:${line}: ${problem}`, options);
    this.file = file;
    this.line = line;
  }
}
