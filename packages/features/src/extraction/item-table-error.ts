import { ActionableError } from '@rodpo/errors';

/** A table that cannot serve as a catalogue: what is wrong, and in which line. */
export class ItemTableError extends ActionableError {
  override readonly name = 'ItemTableError';
  readonly file: string;
  /** From 1, the header among them. Undefined if it is about the whole file. */
  readonly line: number | undefined;

  constructor(file: string, problem: string, line?: number, options?: ErrorOptions) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${problem}`, options);
    this.file = file;
    this.line = line;
  }
}
