import type { ItemVectors } from '../item-vectors.ts';
import type { Manifest } from './manifest.ts';
import type { ReadShardRows, ShardReader } from './shard-reader.ts';

/** Neighbouring rows are read at once, up to this size. */
const maxRunBytes = 4 << 20;

/** A row to read, and where its vector goes. */
interface Wanted {
  readonly row: number;
  readonly position: number;
}

/**
 * Reads single rows, in the order they lie on disk.
 *
 * @param rows numbered through all shards, undefined for an absent item
 */
export async function readRows(
  reader: ShardReader,
  { dimension, shards }: Manifest,
  rows: readonly (number | undefined)[],
): Promise<ItemVectors> {
  const vectors = new Float32Array(rows.length * dimension);
  const present = Uint8Array.from(rows, (row) => (row === undefined ? 0 : 1));
  const wanted = sortByRow(rows);
  let [shardStart, next] = [0, 0];
  for (const [index, { ids }] of shards.entries()) {
    const end = shardStart + ids.length;
    const inShard: Wanted[] = [];
    for (; next < wanted.length && wanted[next]!.row < end; next++) {
      const { row, position } = wanted[next]!;
      inShard.push({ row: row - shardStart, position });
    }
    shardStart = end;
    if (inShard.length === 0) continue;
    await reader(index, (read) => readRuns(read, inShard, { vectors, dimension }));
  }
  return { dimension, vectors, present };
}

function sortByRow(rows: readonly (number | undefined)[]): Wanted[] {
  const wanted: Wanted[] = [];
  for (const [position, row] of rows.entries()) {
    if (row !== undefined) wanted.push({ row, position });
  }
  return wanted.sort((a, b) => a.row - b.row);
}

async function readRuns(
  read: ReadShardRows,
  wanted: readonly Wanted[],
  { vectors, dimension }: { vectors: Float32Array; dimension: number },
): Promise<void> {
  const maxRows = Math.max(1, Math.floor(maxRunBytes / (4 * dimension)));
  for (let from = 0; from < wanted.length; ) {
    const first = wanted[from]!.row;
    let to = from + 1;
    while (to < wanted.length && isNext(wanted, to) && wanted[to]!.row < first + maxRows) to++;
    const run = new Float32Array((wanted[to - 1]!.row - first + 1) * dimension);
    await read(first, run);
    for (const { row, position } of wanted.slice(from, to)) {
      const start = (row - first) * dimension;
      vectors.set(run.subarray(start, start + dimension), position * dimension);
    }
    from = to;
  }
}

/** Whether an item's row is the one before's neighbour, or the same. */
function isNext(wanted: readonly Wanted[], index: number): boolean {
  return wanted[index]!.row <= wanted[index - 1]!.row + 1;
}
