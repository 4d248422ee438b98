import { quote } from '@rodpo/errors';
import { readLines } from '@rodpo/files';
import { GatheredRows } from '../dataset/gathered-rows.ts';
import { IdTable } from '../dataset/id-table.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { DataFormatError } from './data-format-error.ts';

/**
 * Reads a UTF-8 text file with one user per line, `user item item …`, separated
 * by spaces and tabs, oldest item first. Blank lines are skipped. Any other
 * character is part of an id, other kinds of white space among them.
 *
 * Users keep the order of the file. Items are ordered numerically when every
 * item id is an integer, else by first appearance. An empty file is an empty
 * dataset. The format has no timestamps, so neither has the dataset.
 *
 * @throws {DataFormatError} if a user has two lines, a line has no items, or the
 * file is not UTF-8
 */
export async function readSequences(path: string): Promise<SequenceDataset> {
  const lineOfUser = new Map<string, number>();
  const items = new IdTable();
  const rows = new GatheredRows(false);

  for await (const [line, text] of readLines(path)) {
    const [user, ...itemIds] = text.match(/[^ \t]+/g) as [string, ...string[]];
    const problem = problemOf(user, itemIds.length, lineOfUser.get(user));
    if (problem !== undefined) throw new DataFormatError(path, line, problem);
    const number = lineOfUser.size;
    lineOfUser.set(user, line);
    for (const id of itemIds) rows.push(number, items.indexOf(id), 0);
  }
  return rows.dataset([...lineOfUser.keys()], items.ids);
}

function problemOf(
  user: string,
  itemCount: number,
  earlierLine: number | undefined,
): string | undefined {
  if (itemCount === 0) {
    return `expected "user item item …", got user ${quote(user)} without items. Remove the line.`;
  }
  if (earlierLine !== undefined) {
    const got = `got user ${quote(user)} again (first on line ${earlierLine})`;
    return `expected one line per user, ${got}. Join the two lines in time order.`;
  }
  return undefined;
}
