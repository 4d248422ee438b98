import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { namingPath } from './with-path.ts';

/** SHA-256 of a file's bytes in hexadecimal, a piece in memory at a time. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await namingPath(file, pipeline(createReadStream(file), hash));
  return hash.digest('hex');
}
