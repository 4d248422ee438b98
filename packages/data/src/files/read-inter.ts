import { quote } from '@rodpo/errors';
import { readLines } from '@rodpo/files';
import { GatheredRows } from '../dataset/gathered-rows.ts';
import { IdTable } from '../dataset/id-table.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { DataFormatError } from './data-format-error.ts';
import { type InterFields, type InterHeader, parseInterHeader } from './inter-header.ts';

/**
 * Reads a RecBole atomic `.inter` file: tab-separated, with a header of
 * `name:type` columns, one interaction per line. Other columns are ignored and
 * blank lines skipped. Ids are kept as they are, spaces included.
 *
 * Each user's items are sorted by timestamp, and ties keep the order of the
 * file, as in RecBole's stable sort; without a time column everything does, and
 * the dataset has no `times`.
 * Users are ordered by first appearance, items as in `readSequences`.
 *
 * @see https://recbole.io/docs/user_guide/data/atomic_files.html
 * @throws {DataFormatError} if the header is missing, malformed or lacks a
 * column, a row has another number of columns or an empty id, or a timestamp
 * is not a finite number, or the file is not UTF-8
 */
export async function readInter(path: string, fields: InterFields = {}): Promise<SequenceDataset> {
  const users = new IdTable();
  const items = new IdTable();
  let header: InterHeader | undefined;
  let rows: GatheredRows | undefined;

  for await (const [line, text] of readLines(path)) {
    if (header === undefined || rows === undefined) {
      header = parseInterHeader(path, line, text, fields);
      rows = new GatheredRows(header.time !== undefined);
      continue;
    }
    const row = parseRow(path, line, text, header);
    rows.push(users.indexOf(row.user), items.indexOf(row.item), row.time);
  }
  if (rows === undefined) {
    throw new DataFormatError(
      path,
      1,
      'expected a header line, got an empty file. Add the header.',
    );
  }

  return rows.dataset(users.ids, items.ids);
}

function parseRow(
  path: string,
  line: number,
  text: string,
  header: InterHeader,
): { user: string; item: string; time: number } {
  const cells = text.split('\t');
  if (cells.length !== header.width) {
    const counts = `expected ${header.width} tab-separated columns, got ${cells.length}`;
    throw new DataFormatError(path, line, `${counts}. Make every row match the header.`);
  }
  const user = cells[header.user]!;
  const item = cells[header.item]!;
  if (user === '' || item === '') {
    const got = `user ${quote(user)} and item ${quote(item)}`;
    throw new DataFormatError(path, line, `expected two ids, got ${got}. Remove the row.`);
  }
  if (header.time === undefined) return { user, item, time: 0 };
  return { user, item, time: parseTime(path, line, cells[header.time]!) };
}

function parseTime(path: string, line: number, cell: string): number {
  const time = Number(cell);
  if (cell.trim() === '' || !Number.isFinite(time)) {
    const expected = 'expected a timestamp that is a finite number';
    const got = `got ${quote(cell)}`;
    throw new DataFormatError(path, line, `${expected}, ${got}. Convert it or drop the row.`);
  }
  return time;
}
