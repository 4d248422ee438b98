import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';
import { numericOrder, placesIn } from '../dataset/order-items.ts';
import { placeByUser } from '../dataset/place-by-user.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { sqlName } from './sql-text.ts';
import type { ReadTableOptions } from './table-options.ts';

/**
 * Makes sequences of the table `rows(user, item, time, kept)`. DuckDB gives ids numbers and hands rows
 * over as three columns of numbers; of them, each goes to its place at once.
 */
export async function placeRows(
  connection: DuckDBConnection,
  {
    hasTimes,
    rowCount,
    signal,
    onProgress,
  }: { hasTimes: boolean; rowCount: number } & Pick<ReadTableOptions, 'signal' | 'onProgress'>,
): Promise<SequenceDataset> {
  onProgress?.('numbering users', 0);
  const users = await numbered(connection, 'user');
  onProgress?.('numbering items', 0);
  const items = await numbered(connection, 'item');
  const order = numericOrder(items.ids);
  const places = order && placesIn(order);

  const placement = placeByUser(users.counts, hasTimes, rowCount);
  let done = 0;
  for await (const [user, item, time, row] of numberedRows(connection, hasTimes)) {
    signal?.throwIfAborted();
    for (let at = 0; at < user.length; at++) {
      const index = item[at]!;
      placement.place(user[at]!, places ? places[index]! : index, time ? time[at]! : 0, row[at]!);
    }
    done += user.length;
    onProgress?.('placing', done / users.total);
  }
  const itemIds = order ? Array.from(order, (item) => items.ids[item]!) : items.ids;
  return { userIds: users.ids, itemIds, ...placement.finish() };
}

interface Numbered {
  /** By first appearance among the rows that are kept. */
  readonly ids: string[];
  /** Rows of each: shape `[ids.length]`. */
  readonly counts: Int32Array;
  readonly total: number;
}

/** Leaves a table `user_numbers` or `item_numbers` of ids and their numbers. */
async function numbered(connection: DuckDBConnection, column: 'user' | 'item'): Promise<Numbered> {
  const [table, name] = [sqlName(`${column}_numbers`), sqlName(column)];
  await connection.run(
    `create table ${table} as select (row_number() over (order by first) - 1)::integer as number, ` +
      `${name}, interactions from (select ${name}, min(rowid) as first, count(*)::integer as ` +
      `interactions from rows where kept group by ${name})`,
  );
  const ids: string[] = [];
  const counts: Int32Array[] = [];
  const query = `select ${name}, interactions from ${table} order by number`;
  for await (const [id, count] of vectors(connection, query)) {
    for (let row = 0; row < id!.itemCount; row++) ids.push(id!.getItem(row) as string);
    counts.push(Int32Array.from(integers(count!)));
  }
  const joined = new Int32Array(ids.length);
  let total = 0;
  let offset = 0;
  for (const part of counts) {
    joined.set(part, offset);
    offset += part.length;
    for (const count of part) total += count;
  }
  return { ids, counts: joined, total };
}

type NumberedRows = readonly [
  user: Int32Array,
  item: Int32Array,
  time: Float64Array | undefined,
  row: Float64Array,
];

/** Rows that are kept, with numbers for ids: joins keep no order, so each says which it is. */
async function* numberedRows(
  connection: DuckDBConnection,
  hasTimes: boolean,
): AsyncGenerator<NumberedRows, void> {
  const time = hasTimes ? 'rows.time' : 'null::double as time';
  const query =
    `select user_numbers.number, item_numbers.number, ${time}, rows.rowid::double from rows ` +
    'join user_numbers using ("user") join item_numbers using (item) where rows.kept';
  for await (const [user, item, at, row] of vectors(connection, query)) {
    yield [integers(user!), integers(item!), hasTimes ? doubles(at!) : undefined, doubles(row!)];
  }
}

async function* vectors(
  connection: DuckDBConnection,
  query: string,
): AsyncGenerator<DuckDBVector[], void> {
  const result = await connection.stream(query);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield Array.from({ length: chunk.columnCount }, (_, column) => chunk.getColumnVector(column));
  }
}

const integers = (vector: DuckDBVector) => valuesOf(vector, Int32Array);
const doubles = (vector: DuckDBVector) => valuesOf(vector, Float64Array);

/**
 * The numbers of a vector without nulls, valid until the next is fetched. The array behind it is private
 * to DuckDB's types; should it ever go, each number is asked for.
 */
function valuesOf<Values extends Int32Array | Float64Array>(
  vector: DuckDBVector,
  kind: { new (length: number): Values },
): Values {
  const { items } = vector as unknown as { items?: unknown };
  if (items instanceof kind) return items;
  const values = new kind(vector.itemCount);
  for (let row = 0; row < values.length; row++) values[row] = vector.getItem(row) as number;
  return values;
}
