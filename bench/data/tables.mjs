// Tables of interactions as shops have them: few users with many, few items in most of them, times that
// are days. Drawn by hashes of the row's number, so that a table is the same wherever it is made.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { library } from '../common/libraries.mjs';

const draw = (seed) => `(hash(row * 4 + ${seed}) >> 11)::double / 9007199254740992`;

function rowsQuery(rows) {
  const users = Math.ceil(rows / 10);
  const items = Math.ceil(rows / 50);
  return (
    `select 'A' || upper(substr(md5(floor(pow(${draw(0)}, 1.5) * ${users})::bigint::varchar), 1, 13)) as "user", ` +
    `'B' || lpad(floor(pow(${draw(1)}, 2.5) * ${items})::bigint::varchar, 9, '0') as item, ` +
    `1 + floor(${draw(2)} * 5)::integer as rating, ` +
    `1300000000 + 86400 * floor(${draw(3)} * 2000)::bigint as time from range(${rows}) t(row)`
  );
}

/** Writes a table where it is not there already. */
export async function makeTable(folder, { rows, format }) {
  const file = join(folder, `${rows}.${format}`);
  if (existsSync(file)) return file;
  const { DuckDBInstance } = await library('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '4GB' });
  const connection = await instance.connect();
  await connection.run(`set temp_directory = '${folder}'`);
  const layout = format === 'csv' ? 'header' : 'format parquet, compression zstd';
  await connection.run(`copy (${rowsQuery(rows)}) to '${file}' (${layout})`);
  connection.closeSync();
  instance.closeSync();
  return file;
}
