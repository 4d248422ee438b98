import { lineText, readJson, scanLines } from '@rodpo/files';
import { VectorFileError } from './vector-file-error.ts';

/**
 * Reads the item ids that belong to the rows of a `.npy` file: UTF-8 text with one id a line, or,
 * if the file is named `.json`, an array of strings or integers. Ids are kept as they are, spaces
 * included; only line ends and a byte order mark are not part of them.
 *
 * @throws {VectorFileError} if an id is empty or occurs twice, or JSON is not such an array
 * @throws {TextFormatError} or {FileDamagedError} (`@rodpo/files`) if it is not text, or not JSON
 */
export async function readIdList(file: string): Promise<string[]> {
  const isJson = file.toLowerCase().endsWith('.json');
  const ids = isJson ? idsOf(file, await readJson(file)) : await allLines(file);
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

/** Empty ones too: each belongs to a row. */
async function allLines(file: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const lines of scanLines(file)) {
    for (const line of lines) texts.push(lineText(file, line));
  }
  return texts;
}

function idsOf(file: string, parsed: unknown): string[] {
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
