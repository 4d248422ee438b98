import { ActionableError } from '@rodpo/errors';

export interface TablePlace {
  /** Undefined where the fault is not in one file, as in a query over several. */
  readonly file?: string;
  /** Of the text file, from 1. */
  readonly line?: number;
  /** Of the table, from 1, its header not counted. */
  readonly row?: number;
}

/** A table is not what its reader asks for. The message begins with the place. */
export class TableError extends ActionableError {
  override readonly name = 'TableError';
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly row: number | undefined;

  constructor({ file, line, row }: TablePlace, problem: string, options?: ErrorOptions) {
    const places = [
      file === undefined ? undefined : line === undefined ? file : `${file}:${line}`,
      row === undefined ? undefined : `row ${row}`,
    ].filter((place) => place !== undefined);
    super([places.join(', '), problem].filter((part) => part !== '').join(': '), options);
    this.file = file;
    this.line = line;
    this.row = row;
  }
}
