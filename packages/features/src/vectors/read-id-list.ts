import { readFile } from 'node:fs/promises';
import { VectorFileError } from './vector-file-error.ts';

/**
 * Reads the item ids that belong to the rows of a `.npy` file: UTF-8 text with one id a line, or,
 * if the file is named `.json`, an array of strings or integers. Ids are kept as they are, spaces
 * included; only line ends and a byte order mark are not part of them.
 *
 * @throws {VectorFileError} if an id is empty or occurs twice, or the file is not UTF-8 text or
 * not such an array
 */
export async function readIdList(file: string): Promise<string[]> {
  const text = decode(file, await readFile(file));
  const isJson = file.toLowerCase().endsWith('.json');
  const ids = isJson ? parseJson(file, text) : splitLines(text);
  const name = (index: number) => (isJson ? `entry ${index}` : `line ${index + 1}`);

  const seen = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    if (id === '')
      throw new VectorFileError(file, `${name(index)} is empty; every row needs an id`);
    const first = seen.get(id);
    if (first !== undefined) {
      const places = `${name(first)} and again on ${name(index)}`;
      throw new VectorFileError(file, `id ${JSON.stringify(id)} is on ${places}`);
    }
    seen.set(id, index);
  }
  return ids;
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // takes a byte order mark off
  } catch (cause) {
    throw new VectorFileError(file, 'not UTF-8 text', { cause });
  }
}

function splitLines(text: string): string[] {
  if (text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function parseJson(file: string, text: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new VectorFileError(file, 'not JSON', { cause });
  }
  if (!Array.isArray(parsed)) {
    throw new VectorFileError(file, 'expected a JSON array of ids');
  }
  return parsed.map((id, index) => {
    if (typeof id === 'string') return id;
    if (Number.isSafeInteger(id)) return String(id);
    throw new VectorFileError(
      file,
      `entry ${index} is ${JSON.stringify(id)}; ids are strings, or integers up to 2^53`,
    );
  });
}
