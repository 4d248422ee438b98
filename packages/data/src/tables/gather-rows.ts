import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';
import { GatheredRows } from '../dataset/gathered-rows.ts';
import { HashNumbers } from './hash-numbers.ts';
import { rowState } from './rows-query.ts';
import { TextVector } from './text-vector.ts';
import { bytesOf, doublesOf, hashesOf, vectorsOf } from './vectors.ts';

export interface TableRows {
  /** Of the table, kept or not; where one is bad, those before it. */
  readonly rows: number;
  readonly kept: number;
  /** Whether the row behind them lacks something; nothing else is of use then. */
  readonly isBad: boolean;
  readonly gathered: GatheredRows;
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
}

/**
 * Gathers the rows of a query in its order, in one go: DuckDB tells ids by hashes, and what an id is
 * is looked at once, where it comes for the first time.
 *
 * @param query of the columns `rowsQuery` has
 * @param onRows is told after some thousand rows; may throw to end the reading
 */
export async function gatherRows(
  connection: DuckDBConnection,
  query: string,
  { hasTimes, onRows }: { hasTimes: boolean; onRows: () => void },
): Promise<TableRows> {
  const [users, items] = [new Ids(), new Ids()];
  const gathered = new GatheredRows(hasTimes);
  let [rows, kept] = [0, 0];
  /** For the places of each piece in turn: a new array for each of thousands is work for the collector. */
  let spare = new Int32Array(0);
  const result = () => ({ rows, kept, gathered, userIds: users.ids, itemIds: items.ids });
  for await (const vectors of vectorsOf(connection, query)) {
    onRows();
    if (spare.length < vectors[0]!.itemCount) spare = new Int32Array(vectors[0]!.itemCount);
    const [states, user, userHash, userCheck, item, itemHash, itemCheck, time] = vectors as Columns;
    const { places, badPlace } = placesKept(bytesOf(states), spare);
    if (badPlace >= 0) return { ...result(), rows: rows + badPlace, isBad: true };
    rows += states.itemCount;
    kept += places.length;
    gathered.pushAll(
      users.numbersOf(places, user, hashesOf(userHash), hashesOf(userCheck)),
      items.numbersOf(places, item, hashesOf(itemHash), hashesOf(itemCheck)),
      time && { values: doublesOf(time), places },
    );
  }
  return { ...result(), isBad: false };
}

type Columns = [
  states: DuckDBVector,
  user: DuckDBVector,
  userHash: DuckDBVector,
  userCheck: DuckDBVector,
  item: DuckDBVector,
  itemHash: DuckDBVector,
  itemCheck: DuckDBVector,
  time?: DuckDBVector,
];

/** Which rows are kept, in a part of `places`, and the first bad one, or -1. */
function placesKept(
  states: Uint8Array,
  places: Int32Array,
): { places: Int32Array; badPlace: number } {
  let count = 0;
  for (let place = 0; place < states.length; place++) {
    if (states[place] === rowState.kept) places[count++] = place;
  }
  return { places: places.subarray(0, count), badPlace: states.indexOf(rowState.bad) };
}

/** Ids of a column, numbered by first appearance. */
class Ids {
  readonly ids: string[] = [];
  private readonly numbers = new HashNumbers();

  numbersOf(
    places: Int32Array,
    texts: DuckDBVector,
    hashes: Int32Array,
    checks: Int32Array,
  ): Int32Array {
    const text = new TextVector(texts);
    return this.numbers.numbersOf({ hashes, checks, places }, (place) => {
      this.ids.push(text.at(place));
    });
  }
}
