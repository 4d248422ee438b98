import { join } from 'node:path';
import { ifThere, sha256OfFile } from '@rodpo/files';
import type { Manifest } from './manifest.ts';

/** A file of a store that is not as it was written. */
export interface DamagedShard {
  readonly file: string;
  readonly problem: string;
}

/** Compares every shard with the manifest's checksum. */
export async function findDamage(
  folder: string,
  { shards }: Manifest,
): Promise<readonly DamagedShard[]> {
  const damaged: DamagedShard[] = [];
  for (const { file, sha256 } of shards) {
    const found = await ifThere(sha256OfFile(join(folder, file)));
    if (found === undefined) damaged.push({ file, problem: 'is missing' });
    else if (found !== sha256) damaged.push({ file, problem: 'does not fit its checksum' });
  }
  return damaged;
}
