import { readFile } from 'node:fs/promises';
import { namingPath } from '../with-path.ts';
import { parseJson } from './parse-json.ts';

export interface ReadJsonOptions {
  /** What to do about a damaged file, as a sentence for its error. */
  readonly advice?: string;
}

/**
 * What a JSON file holds. It may begin with a byte order mark.
 *
 * @throws {FileDamagedError} if it is not JSON in UTF-8
 * @throws the file system's error, such as `ENOENT`, with its `code`
 */
export async function readJson(file: string, { advice }: ReadJsonOptions = {}): Promise<unknown> {
  return parseJson(await namingPath(file, readFile(file)), { file, advice });
}
