import { readFile } from 'node:fs/promises';
import { quote } from '@rodpo/errors';
import { FileDamagedError, isMissing, readJson } from '@rodpo/files';
import { ConfigError } from './config.ts';
import { repeatedName } from './repeated-name.ts';

/**
 * What a file of settings says. It may begin with a byte order mark, as some editors write.
 *
 * @param what it should be, for messages
 * @throws {ConfigError} if there is none, it is no JSON, or it says one thing twice
 */
export async function readSettings(file: string, what: string): Promise<unknown> {
  const value = await readJson(file, { advice: `Mend the ${what}.` }).catch((cause) => {
    const isExpected = cause instanceof FileDamagedError || isMissing(cause);
    if (!isExpected) throw cause;
    const { message } = cause as Error;
    throw new ConfigError(`Could not read the ${what} ${file} as JSON: ${message}`, { cause });
  });
  const name = repeatedName(await readFile(file, 'utf8'));
  if (name === undefined) return value;
  throw new ConfigError(
    `${file} sets ${quote(name)} twice in one place, and the first would be lost. Remove one.`,
  );
}
