import { ActionableError, quote } from '@rodpo/errors';

/** Where the values of an interaction stand. */
export type InteractionColumn = 'user' | 'item' | 'time' | 'rating';

/** A value of an interaction is none that a dataset can have. */
export class InteractionError extends ActionableError {
  override readonly name = 'InteractionError';
  /** Counted from 1. */
  readonly row: number;
  readonly column: InteractionColumn;

  constructor(
    { row, column }: { readonly row: number; readonly column: InteractionColumn },
    { expected, got, advice }: { expected: string; got: unknown; advice: string },
  ) {
    super(`row ${row}, ${column}: expected ${expected}, got ${shown(got)}. ${advice}`);
    this.row = row;
    this.column = column;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number') return String(value);
  if (typeof value === 'string') return quote(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date';
  return typeof value === 'bigint'
    ? `the bigint ${quote(String(value))}`
    : `a value of type ${typeof value}`;
}
