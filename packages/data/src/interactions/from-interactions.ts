import { actionable } from '@rodpo/errors';
import type { Id } from '../dataset/id-text.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import type { TimeUnit } from '../dataset/time-unit.ts';
import { type Gathering, gatherInteractions, type Interaction } from './gather-interactions.ts';
import { type InteractionsReport, taken } from './intake-report.ts';

/** Interactions column by column: arrays or typed arrays of one length, a row at each index. */
export interface InteractionColumns {
  readonly users: ArrayLike<Id>;
  readonly items: ArrayLike<Id>;
  /** As in `Interaction`. Default: none. */
  readonly times?: ArrayLike<number | bigint | Date>;
  /** Looked at for `minRating` alone. Default: none. */
  readonly ratings?: ArrayLike<number>;
}

export interface FromInteractionsOptions {
  /** Interactions with a lower rating are left out; all rows have one then. Default: none is. */
  readonly minRating?: number;
  /**
   * What times are in; the dataset has seconds. Default 'auto': what makes plausible dates of them, or
   * the times as they are if nothing does. Dates need no unit, and this is not looked at then.
   */
  readonly timeUnit?: TimeUnit | 'auto';
}

export interface FromInteractionsResult {
  readonly dataset: SequenceDataset;
  readonly report: InteractionsReport;
}

/**
 * A dataset of interactions in memory: rows, columns, or an async iterable of rows (a cursor of a
 * database, a stream of objects), which is read to its end.
 *
 * Each user's items are sorted by time, and ties keep the order of the rows; without times everything
 * does. Users are numbered by first appearance, items too unless all their ids are integers: those go by
 * their values. Rows that `minRating` leaves out number nobody, but are checked like all others.
 *
 * @throws {InteractionError} with row and column, if an id is neither a text, a safe integer nor a bigint,
 * a time is not finite or of another kind than that of the first row, or a rating is not a number
 * @throws {TimesMissingError} if a time unit is named and there are no times
 * @throws {RangeError} (marked as actionable) if columns differ in length, or `minRating` is not finite
 */
export function fromInteractions(
  rows: AsyncIterable<Interaction>,
  options?: FromInteractionsOptions,
): Promise<FromInteractionsResult>;
export function fromInteractions(
  rows: Iterable<Interaction> | InteractionColumns,
  options?: FromInteractionsOptions,
): FromInteractionsResult;
export function fromInteractions(
  input: AsyncIterable<Interaction> | Iterable<Interaction> | InteractionColumns,
  options: FromInteractionsOptions = {},
): FromInteractionsResult | Promise<FromInteractionsResult> {
  const { minRating } = options;
  if (minRating !== undefined && !Number.isFinite(minRating)) {
    throw actionable(
      new RangeError(`minRating must be a finite number, got ${minRating}. Leave it out for all.`),
    );
  }
  const gathering = gatherInteractions(minRating);
  if (Symbol.asyncIterator in input) return fromStream(input, gathering, options);
  if (Symbol.iterator in input) for (const row of input) addRow(gathering, row);
  else addColumns(gathering, input);
  return finished(gathering, options);
}

async function fromStream(
  rows: AsyncIterable<Interaction>,
  gathering: Gathering,
  options: FromInteractionsOptions,
): Promise<FromInteractionsResult> {
  for await (const row of rows) addRow(gathering, row);
  return finished(gathering, options);
}

/** A row that is nothing lacks its user. */
function addRow(gathering: Gathering, row: Partial<Interaction> | null | undefined): void {
  gathering.add(row?.user, row?.item, row?.time, row?.rating);
}

function addColumns(gathering: Gathering, columns: InteractionColumns): void {
  const { users, items, times, ratings } = columns;
  for (const [name, column] of Object.entries({ users, items, times, ratings })) {
    const isOptional = name === 'times' || name === 'ratings';
    if (column === undefined && isOptional) continue;
    if (column?.length === users?.length && users !== undefined) continue;
    throw actionable(
      new RangeError(
        `The column ${name} must hold a value for each of the ${users?.length ?? 0} users, got ` +
          `${column?.length ?? 'none'}. Give rows, or columns of one length.`,
      ),
    );
  }
  for (let row = 0; row < users.length; row++) {
    gathering.add(users[row], items[row], times?.[row], ratings?.[row]);
  }
}

function finished(
  gathering: Gathering,
  { timeUnit = 'auto' }: FromInteractionsOptions,
): FromInteractionsResult {
  const { dataset, rows, kept, clock } = gathering.finish();
  return taken(dataset, { rows, kept, timeUnit: clock === 'dates' ? 'milliseconds' : timeUnit });
}
