/**
 * A line of a data file is not what the format asks for. The message begins
 * `file:line: `, which editors and terminals turn into a link.
 */
export class DataFormatError extends Error {
  override readonly name = 'DataFormatError';
  readonly file: string;
  /** 1-based. */
  readonly line: number;

  constructor(file: string, line: number, problem: string) {
    super(`${file}:${line}: ${problem}`);
    this.file = file;
    this.line = line;
  }
}
