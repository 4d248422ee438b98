import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { damagedShard } from './read-shard.ts';
import { shardFile } from './shard-range.ts';

/** Reads vectors of a store by the items of somebody else's list, as training steps ask for them. */
export interface VectorReader {
  readonly dimension: number;
  /** `[items]`, 1 = the item has a vector. */
  readonly present: Uint8Array;
  /**
   * A digest, in hexadecimal, of the store's checksums and of which vector each item has: readers of one identity
   * give the same vectors.
   */
  readonly identity: string;
  /**
   * Copies vectors side by side, zeros for items without one. What is read is kept by the operating
   * system as long as it has memory to spare, and by nothing here.
   *
   * @param items `[count]`, places in the list that the reader was made for
   * @param into `[count, dimension]` or longer; what is past the vectors copied stays as it is
   * @throws {RangeError} if an item is not of the list, or `into` is too short; nothing is copied then
   * @throws {StoreError} if a file has become shorter; the file system's error if it is gone
   */
  gather(items: Int32Array, into: Float32Array): void;
  /** Closes the files; later calls open them again. */
  close(): void;
}

/** A shard that was compared with the manifest. */
export interface CheckedShard {
  readonly rows: number;
  /** Byte at which the first vector begins. */
  readonly bodyStart: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
}

export interface VectorReaderOptions {
  readonly folder: string;
  readonly dimension: number;
  readonly shards: readonly CheckedShard[];
  /** `[items]`: the row of each, numbered through all shards; −1 of one without a vector. */
  readonly rows: Int32Array;
  /** Files open at a time, at most. */
  readonly mostOpen: number;
}

/** Synchronous: some thousands of short reads a step cost less than as many promises. */
export function vectorReader({
  folder,
  dimension,
  shards,
  rows,
  mostOpen,
}: VectorReaderOptions): VectorReader {
  const begins = beginsOf(shards);
  const files = new OpenFiles(folder, mostOpen);
  const vectorBytes = dimension * Float32Array.BYTES_PER_ELEMENT;
  return {
    dimension,
    present: Uint8Array.from(rows, (row) => (row < 0 ? 0 : 1)),
    identity: identityOf(shards, rows),
    gather: (items, into) => {
      requireItems(items, { itemCount: rows.length, room: into.length, dimension });
      const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
      // By shards, so that each file is opened once.
      for (const place of placesByRow(items, rows)) {
        const row = rows[items[place]!]!;
        const target = bytes.subarray(place * vectorBytes, (place + 1) * vectorBytes);
        if (row < 0) {
          target.fill(0);
          continue;
        }
        const shard = lastNotAbove(begins, row);
        const at = shards[shard]!.bodyStart + (row - begins[shard]!) * vectorBytes;
        files.read(shard, target, at);
      }
    },
    close: () => files.close(),
  };
}

function identityOf(shards: readonly CheckedShard[], rows: Int32Array): string {
  const hash = createHash('sha256');
  for (const { sha256 } of shards) hash.update(sha256);
  return hash.update(rows).digest('hex');
}

/** Row of each shard's first vector. */
function beginsOf(shards: readonly CheckedShard[]): Int32Array {
  let next = 0;
  return Int32Array.from(shards, ({ rows }) => {
    next += rows;
    return next - rows;
  });
}

function placesByRow(items: Int32Array, rows: Int32Array): Uint32Array {
  return Uint32Array.from(items.keys()).sort((a, b) => rows[items[a]!]! - rows[items[b]!]!);
}

/** Place of the last of ascending numbers that is not above the value. Empty shards begin with the next. */
function lastNotAbove(ascending: Int32Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function requireItems(
  items: Int32Array,
  { itemCount, room, dimension }: { itemCount: number; room: number; dimension: number },
): void {
  const wrong = items.find((item) => item < 0 || item >= itemCount);
  if (wrong !== undefined) {
    throw new RangeError(`items must be from 0 to ${itemCount - 1}, got ${wrong}`);
  }
  if (room < items.length * dimension) {
    throw new RangeError(
      `into must have room for ${items.length} vectors of ${dimension}, got ${room} numbers`,
    );
  }
}

/** Shards by the file descriptors of those that were used last. */
class OpenFiles {
  readonly #folder: string;
  readonly #most: number;
  /** From the one whose use is longest ago. */
  readonly #open = new Map<number, number>();

  constructor(folder: string, most: number) {
    this.#folder = folder;
    this.#most = most;
  }

  read(shard: number, target: Uint8Array, at: number): void {
    const file = this.#fileOf(shard);
    for (let done = 0; done < target.length; ) {
      const read = readSync(file, target, done, target.length - done, at + done);
      if (read === 0) throw damagedShard(this.#folder, shard, 'has become shorter');
      done += read;
    }
  }

  close(): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
  }

  #fileOf(shard: number): number {
    const known = this.#open.get(shard);
    if (known !== undefined) this.#open.delete(shard);
    const file = known ?? openSync(join(this.#folder, shardFile(shard)), 'r');
    this.#open.set(shard, file);
    if (this.#open.size > this.#most) {
      const [oldest, descriptor] = this.#open.entries().next().value!;
      this.#open.delete(oldest);
      closeSync(descriptor);
    }
    return file;
  }
}
