import { actionable, requirePositiveInteger } from '@rodpo/errors';

/** Items of a shard unless told otherwise. */
export const defaultShardSize = 1024;

/** How many shards a catalogue is cut into: an empty one into none. */
export function shardCount(itemCount: number, shardSize: number = defaultShardSize): number {
  requirePositiveInteger('shardSize', shardSize);
  if (!Number.isSafeInteger(itemCount) || itemCount < 0) {
    throw actionable(new RangeError(`itemCount must be an integer from 0, got ${itemCount}`));
  }
  return Math.ceil(itemCount / shardSize);
}

/** The items of one shard, `start` to `end` (exclusive), in catalogue order. */
export function shardRange(
  index: number,
  itemCount: number,
  shardSize: number,
): { start: number; end: number } {
  const count = shardCount(itemCount, shardSize);
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw actionable(
      new RangeError(`Shards of this catalogue go from 0 to ${count - 1}, got ${index}`),
    );
  }
  const start = index * shardSize;
  return { start, end: Math.min(start + shardSize, itemCount) };
}

/** The file of a shard: `shard-00000.safetensors` and so on. */
export function shardFile(index: number): string {
  return `shard-${String(index).padStart(5, '0')}.safetensors`;
}

/** The index in a shard's file name, if it is one. */
export function shardOfFile(file: string): number | undefined {
  const [, digits] = /^shard-(\d{5,})\.safetensors$/.exec(file) ?? [];
  const index = Number(digits);
  return digits !== undefined && shardFile(index) === file ? index : undefined;
}
