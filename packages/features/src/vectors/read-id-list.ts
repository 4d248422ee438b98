import { readFile } from 'node:fs/promises';
import { quote } from '@rodpo/errors';
import { lineText, readJson, scanLines } from '@rodpo/files';
import { parseExactJson } from '../exact-json.ts';
import { VectorFileError } from './vector-file-error.ts';

/**
 * Reads the item ids that belong to the rows of a `.npy` file: UTF-8 text with one id a line, or,
 * if the file is named `.json`, an array of strings or integers. Ids are kept as they are, spaces
 * and all digits of an integer included; only line ends and a byte order mark are not part of them.
 *
 * @throws {VectorFileError} if an id is empty or occurs twice, or JSON is not such an array
 * @throws {TextFormatError} or {FileDamagedError} (`@rodpo/files`) if it is not text, or not JSON
 */
export async function readIdList(file: string): Promise<string[]> {
  const isJson = file.toLowerCase().endsWith('.json');
  const ids = isJson ? await idsOf(file) : await allLines(file);
  const name = (index: number) => (isJson ? `entry ${index}` : `line ${index + 1}`);

  const seen = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    if (id === '')
      throw new VectorFileError(file, `${name(index)} is empty; every row needs an id`);
    const first = seen.get(id);
    if (first !== undefined) {
      const places = `${name(first)} and again on ${name(index)}`;
      throw new VectorFileError(file, `id ${quote(id)} is on ${places}`);
    }
    seen.set(id, index);
  }
  return ids;
}

/** Empty ones too: each belongs to a row. */
async function allLines(file: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const lines of scanLines(file)) {
    for (const line of lines) texts.push(lineText(file, line));
  }
  return texts;
}

async function idsOf(file: string): Promise<string[]> {
  const parsed = await readJson(file);
  if (!Array.isArray(parsed)) {
    throw new VectorFileError(file, 'expected a JSON array of ids');
  }
  const exact = parseExactJson((await readFile(file, 'utf8')).replace(/^\ufeff/, '')) as unknown[];
  return exact.map((id, index) => {
    const isNumber = typeof parsed[index] === 'number';
    if (isNumber ? /^-?\d+$/.test(String(id)) : typeof id === 'string') return String(id);
    const got = isNumber ? String(id).slice(0, 60) : quote(JSON.stringify(id));
    throw new VectorFileError(file, `entry ${index} is ${got}; ids are strings or integers`);
  });
}
