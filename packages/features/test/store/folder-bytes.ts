import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Checksums of all files in a folder, by name: equal for folders that are byte for byte equal. */
export function folderBytes(folder: string): Record<string, string> {
  const checksum = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => [file, checksum(file)]),
  );
}
