import { rm, rmdir } from 'node:fs/promises';
import { isMissing } from '../if-there.ts';
import { indexFile, removeOtherShards } from '../shards/shard-index.ts';
import { shardsOf } from './shards-of.ts';

/**
 * Removes what `writeTensors` wrote, as one file or as shards, and nothing else: a folder in which other files
 * lie stays with them. It is no error if there is nothing.
 */
export async function removeTensors(file: string): Promise<void> {
  const folder = shardsOf(file);
  // The index goes first: killed on the way, there is nothing, instead of an index without its shards.
  await rm(indexFile(folder), { force: true });
  await removeOtherShards(folder, { shards: [] });
  await rmdir(folder).catch((error) => {
    if (!isMissing(error) && error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await rm(file, { force: true });
}
