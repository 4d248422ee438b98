import { ActionableError } from '@rodpo/errors';

/**
 * A line of a text file is not what its reader asks for. The message begins `file:line: `, which
 * editors and terminals turn into a link.
 */
export class TextFormatError extends ActionableError {
  override readonly name: string = 'TextFormatError';
  readonly file: string;
  /** From 1. */
  readonly line: number;

  constructor(file: string, line: number, problem: string, options?: ErrorOptions) {
    super(`${file}:${line}: ${problem}`, options);
    this.file = file;
    this.line = line;
  }
}
