import { idExpression, numberExpression } from './projection.ts';
import type { ReadTableOptions } from './table-options.ts';

export interface TimeColumn {
  readonly expression: string;
  /** Whether its values are dates, and the expression seconds since 1970. */
  readonly isMoment: boolean;
}

/** What a row is to whoever reads it: left out for its rating, kept, or without something it needs. */
export const rowState = { leftOut: 0, kept: 1, bad: 2 } as const;

/**
 * The rows of a table as `gatherRows` takes them: the row's state, then of users and of items the id and
 * two hashes of it, then the time if there is one. The second hash is of another text, so that ids that
 * agree in one agree in the other by chance alone.
 */
export function rowsQuery({
  relation,
  types,
  columns: { user, item, rating },
  minRating,
  time,
}: {
  relation: string;
  types: ReadonlyMap<string, string>;
  columns: ReadTableOptions['columns'];
  minRating: number | undefined;
  time: TimeColumn | undefined;
}): string {
  const used = new Map([
    ['"user"', idExpression(user, types.get(user)!)],
    ['item', idExpression(item, types.get(item)!)],
  ]);
  if (time) used.set('time', time.expression);
  const isRated = rating !== undefined && minRating !== undefined;
  if (isRated) used.set('rating', numberExpression(rating, types.get(rating)!));
  const names = [...used.keys()];
  const bad = names.map((name) => `${name} is null`).join(' or ');
  const kept = isRated ? `rating >= ${minRating}` : 'true';
  const state = `case when ${bad} then ${rowState.bad} when ${kept} then ${rowState.kept} else ${rowState.leftOut} end`;
  const ids = ['"user"', 'item'].flatMap((id) => [
    `encode(${id})`,
    `hash(${id})`,
    `hash('.' || ${id})`,
  ]);
  const read = [...used].map(([name, expression]) => `${expression} as ${name}`).join(', ');
  return (
    `select (${state})::utinyint, ${ids.join(', ')}${time ? ', time' : ''} ` +
    `from (select ${read} from ${relation})`
  );
}
