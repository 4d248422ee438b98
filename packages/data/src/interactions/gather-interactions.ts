import type { FlatDataset } from '../dataset/flat-dataset.ts';
import { GatheredRows } from '../dataset/gathered-rows.ts';
import { anId, type Id, idText } from '../dataset/id-text.ts';
import { IdNumbers } from './id-numbers.ts';
import { InteractionError } from './interaction-error.ts';
import { type Clock, clockOf, readTime } from './read-clock.ts';

/** One user, one item, one moment. */
export interface Interaction {
  readonly user: Id;
  readonly item: Id;
  /**
   * A number in the unit of the data, or a `Date`; all rows have one of one kind, or none has. Bigints
   * count as numbers, up to 2⁵³ − 1.
   */
  readonly time?: number | bigint | Date | null;
  /** A finite number; looked at for `minRating` alone. */
  readonly rating?: number | null;
}

/** Takes interactions one by one, and lays them out once all are there. */
export interface Gathering {
  /** @throws {InteractionError} if a value is none that a dataset can have */
  add(user: unknown, item: unknown, time: unknown, rating: unknown): void;
  finish(): {
    /** Times as they came; of Dates, milliseconds. */
    readonly dataset: FlatDataset;
    readonly rows: number;
    readonly kept: number;
    readonly clock: Clock;
  };
}

/**
 * Fourteen bytes for an interaction with a time until all are there, and twelve in the dataset.
 *
 * @param minRating interactions with a lower one are left out
 */
export function gatherInteractions(minRating: number | undefined): Gathering {
  const [users, items] = [new IdNumbers(), new IdNumbers()];
  let [rows, kept] = [0, 0];
  let clock: Clock | undefined;
  let gathered: GatheredRows | undefined;

  return {
    add(user, item, time, rating) {
      rows++;
      const [knownUser, knownItem] = [users.find(user), items.find(item)];
      const userId = knownUser === undefined ? readId(user, 'user', rows) : undefined;
      const itemId = knownItem === undefined ? readId(item, 'item', rows) : undefined;
      clock ??= clockOf(time);
      const at = readTime(time, clock, rows);
      if (minRating !== undefined && readRating(rating, rows) < minRating) return;
      kept++;
      gathered ??= new GatheredRows(clock !== 'none');
      gathered.push(
        knownUser ?? users.add(user as Id, userId!),
        knownItem ?? items.add(item as Id, itemId!),
        at,
      );
    },
    finish() {
      gathered ??= new GatheredRows(clock !== undefined && clock !== 'none');
      const dataset = gathered.dataset(users.ids, items.ids);
      return { dataset, rows, kept, clock: clock ?? 'none' };
    },
  };
}

function readId(id: unknown, column: 'user' | 'item', row: number): string {
  const text = idText(id);
  if (text !== undefined) return text;
  throw new InteractionError(
    { row, column },
    {
      expected: anId,
      got: id,
      advice:
        typeof id === 'number'
          ? 'Read such ids as texts or bigints: as numbers, different ones may be equal.'
          : 'Correct it, or leave the row out.',
    },
  );
}

function readRating(rating: unknown, row: number): number {
  if (typeof rating === 'number' && Number.isFinite(rating)) return rating;
  throw new InteractionError(
    { row, column: 'rating' },
    {
      expected: 'a finite number, since minRating is given',
      got: rating,
      advice: 'Correct it, leave the row out, or leave minRating out.',
    },
  );
}
