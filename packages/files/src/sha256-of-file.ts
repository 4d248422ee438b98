import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { namingPath } from './with-path.ts';

/** Read at a time: small pieces take longer to come than to be added. */
const chunkBytes = 1 << 20;

/** SHA-256 of a file's bytes in hexadecimal, a piece in memory at a time. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await namingPath(file, pipeline(createReadStream(file, { highWaterMark: chunkBytes }), hash));
  return hash.digest('hex');
}
