import { anId, type Id, idText } from '../dataset/id-text.ts';
import { numericOrder, placesIn } from '../dataset/order-items.ts';
import { placeByUser } from '../dataset/place-by-user.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { GrowingColumn } from './growing-column.ts';
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
    readonly dataset: SequenceDataset;
    readonly rows: number;
    readonly kept: number;
    readonly clock: Clock;
  };
}

/**
 * Twelve bytes for an interaction with a time until all are there, and as many in the dataset.
 *
 * @param minRating interactions with a lower one are left out
 */
export function gatherInteractions(minRating: number | undefined): Gathering {
  const [users, items] = [new IdNumbers(), new IdNumbers()];
  const userColumn = new GrowingColumn(Int32Array);
  const itemColumn = new GrowingColumn(Int32Array);
  const timeColumn = new GrowingColumn(Float64Array);
  let [rows, kept] = [0, 0];
  let clock: Clock | undefined;

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
      userColumn.push(knownUser ?? users.add(user as Id, userId!));
      itemColumn.push(knownItem ?? items.add(item as Id, itemId!));
      if (clock !== 'none') timeColumn.push(at);
    },
    finish() {
      const order = numericOrder(items.ids);
      const places = order && placesIn(order);
      const counts = new Int32Array(users.ids.length);
      for (let row = 0; row < kept; row++) counts[userColumn.at(row)]!++;
      const hasTimes = clock !== undefined && clock !== 'none';
      const placement = placeByUser(counts, hasTimes);
      for (let row = 0; row < kept; row++) {
        const item = itemColumn.at(row);
        const time = hasTimes ? timeColumn.at(row) : 0;
        placement.place(userColumn.at(row), places ? places[item]! : item, time);
      }
      const itemIds = order ? Array.from(order, (item) => items.ids[item]!) : items.ids;
      const dataset = { userIds: users.ids, itemIds, ...placement.finish() };
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
