import { quote } from '@rodpo/errors';
import { canonicalJson } from '@rodpo/files';
import type { Failure } from './failure.ts';
import { type Manifest, manifestVersion, type ShardEntry, storeFormat } from './manifest.ts';
import { damagedShard, readShard, type ShardHead } from './read-shard.ts';
import { shardCount, shardFile, shardRange } from './shard-range.ts';
import { StoreError } from './store-error.ts';

/** A manifest but for what only reading all numbers can tell. */
export interface ManifestOutline extends Omit<Manifest, 'shards'> {
  readonly shards: readonly Omit<ShardEntry, 'sha256'>[];
}

/**
 * Reads the headers of all shards.
 *
 * @throws {StoreError} if a shard is damaged, or they do not belong together
 */
export async function outlineManifest(
  folder: string,
  itemCount: number,
  shardSize: number,
): Promise<ManifestOutline> {
  const shards: Omit<ShardEntry, 'sha256'>[] = [];
  const failures: Failure[] = [];
  const addIds = distinctIds(folder);
  const first = await requireShard(folder, 0);
  const { description, columns: dimension } = first;
  for (let index = 0; index < shardCount(itemCount, shardSize); index++) {
    const head = await requireShard(folder, index);
    const { start, end } = shardRange(index, itemCount, shardSize);
    checkItemCount(folder, index, { head, expected: end - start });
    checkSameEmbedder(folder, index, { head, first });
    addIds(index, head);
    shards.push({ file: shardFile(index), bytes: head.bytes, ids: head.ids });
    for (const failure of head.failures) failures.push(failure); // more than a call takes, perhaps
  }
  const presentCount = itemCount - failures.length;
  return {
    ...{ format: storeFormat, version: manifestVersion, description, dimension },
    ...{ itemCount, presentCount, shardSize, shards, failures },
  };
}

async function requireShard(folder: string, index: number): Promise<ShardHead> {
  const head = await readShard(folder, index);
  if (!head) throw damagedShard(folder, index, 'vanished');
  return head;
}

function checkItemCount(
  folder: string,
  index: number,
  { head, expected }: { head: ShardHead; expected: number },
): void {
  const count = head.ids.length + head.failures.length;
  if (count === expected) return;
  const problem = `${shardFile(index)} holds ${count} items where this catalogue has ${expected}`;
  throw new StoreError(folder, problem, 'Use another folder, or force to make it anew.');
}

function checkSameEmbedder(
  folder: string,
  index: number,
  { head, first }: { head: ShardHead; first: ShardHead },
): void {
  const same =
    head.columns === first.columns &&
    canonicalJson(head.description) === canonicalJson(first.description);
  if (same) return;
  const problem = `${shardFile(index)} and ${shardFile(0)} are of different embedders`;
  throw new StoreError(folder, problem, 'Use one folder per embedder, or force to make it anew.');
}

function distinctIds(folder: string): (index: number, head: ShardHead) => void {
  const seen = new Set<string>();
  return (index, { ids, failures }) => {
    for (const id of [...ids, ...failures.map((failure) => failure.id)]) {
      if (seen.has(id)) {
        const problem = `item ${quote(id)} of ${shardFile(index)} occurs twice`;
        throw new StoreError(folder, problem, 'Give every item an id of its own.');
      }
      seen.add(id);
    }
  };
}
