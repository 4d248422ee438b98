import { quote } from '@rodpo/errors';
import { canonicalJson } from '@rodpo/files';
import { readShard, type ShardHead } from '../store/read-shard.ts';
import { shardFile } from '../store/shard-range.ts';
import { StoreError } from '../store/store-error.ts';
import type { ShardSettings } from './shard-settings.ts';
import type { WantedShard } from './wanted-shard.ts';

/**
 * The shard, if it is there already. Undefined if it is to be made.
 *
 * @throws {StoreError} if there is another in its place, or it is damaged, unless forced
 */
export async function existingShard(
  wanted: WantedShard,
  { folder, force, retryFailures }: Pick<ShardSettings, 'folder' | 'force' | 'retryFailures'>,
): Promise<ShardHead | undefined> {
  const head = await readUnless(force, folder, wanted.index);
  if (!head) return undefined;
  const difference = compare(head, wanted);
  if (difference && !force) {
    const advice = 'Use another folder, or force to replace it.';
    throw new StoreError(folder, `${shardFile(wanted.index)} ${difference}`, advice);
  }
  if (difference || (retryFailures && head.failures.length > 0)) return undefined;
  return head;
}

/** With force, a damaged shard is as good as none. */
async function readUnless(force: boolean, folder: string, index: number) {
  try {
    return await readShard(folder, index);
  } catch (error) {
    if (force && error instanceof StoreError) return undefined;
    throw error;
  }
}

function compare(head: ShardHead, wanted: WantedShard): string | undefined {
  const [there, here] = [canonicalJson(head.description), canonicalJson(wanted.description)];
  if (there !== here)
    return `was made by another embedder: ${quote(there, 400)} instead of ${quote(here, 400)}`;
  if (head.columns !== wanted.dimension) {
    return `has vectors of dimension ${head.columns} instead of ${wanted.dimension}`;
  }
  const count = head.ids.length + head.failures.length;
  if (count !== wanted.itemCount) {
    const why = 'another catalogue has it, or another shardSize';
    return `holds ${count} items instead of ${wanted.itemCount}: ${why}`;
  }
  return head.inputs === wanted.inputs ? undefined : 'was made from other items or inputs';
}
