import { requireChecksumOf, startChecksum } from '../safetensors/checksum.ts';
import { arrayOf, type ElementArray } from '../safetensors/element-type.ts';
import { elementCount } from '../safetensors/header.ts';
import { rowsOf } from './lay-out-shards.ts';
import { type OpenShard, openShard } from './open-shard.ts';
import { readIndex, type ShardedTensor } from './shard-index.ts';

/** Tensors in shards, open for reading: the index was read and checked, the shards were not. */
export interface ShardsFile {
  readonly tensors: readonly Pick<ShardedTensor, 'name' | 'dtype' | 'shape'>[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of all shards. */
  readonly size: number;
  /**
   * Elements of a tensor from `first` on (default 0) into `target`, as many as it holds, from one shard or
   * several: those of a row begin at its number times the elements of a row. Only shards that hold some of
   * them are opened.
   *
   * @throws {RangeError} if there is no such tensor, it has not as many, or they are of another type
   * @throws {FileDamagedError} if a shard is missing, cut off, or another file
   */
  read(name: string, target: ShardArray, first?: number): Promise<void>;
  /**
   * Reads every shard.
   *
   * @throws {FileDamagedError} if one is missing, or not as it was written
   */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Where numbers of shards go: memory of their own, or shared with workers. */
export type ShardArray = Exclude<ElementArray, Float64Array>;

/**
 * Opens what `writeShards` wrote to a folder, to read parts of it. What is read is only checked by `check`.
 *
 * @throws {FileDamagedError} if the index is damaged, or that of something else
 * @throws the file system's error, with its `code`: `ENOENT` if there is no index
 */
export async function openShards(folder: string): Promise<ShardsFile> {
  const index = await readIndex(folder);
  const tensors = new Map(index.tensors.map((tensor) => [tensor.name, tensor]));
  const opened = new Map<number, Promise<OpenShard>>();
  const shard = (number: number) => {
    const known = opened.get(number);
    if (known) return known;
    const opening = openShard(folder, index, number);
    opened.set(number, opening);
    opening.catch(() => opened.delete(number)); // it may be there the next time
    return opening;
  };
  return {
    tensors: index.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    metadata: index.metadata,
    size: index.shards.reduce((sum, { bytes }) => sum + bytes, 0),
    read: async (name, target, first = 0) => {
      const tensor = requireElements(name, tensors.get(name), { target, first });
      for (const part of partsOf(tensor, first, target.length)) {
        const { readBody, entry } = await shard(part.shard);
        const from = entry(name).from + part.first * target.BYTES_PER_ELEMENT;
        await readBody(target.subarray(part.at, part.at + part.length), from);
      }
    },
    check: async () => {
      for (const number of index.shards.keys()) await checkShard(await shard(number));
    },
    close: async () => {
      const shards = await Promise.allSettled(opened.values());
      for (const each of shards) if (each.status === 'fulfilled') await each.value.close();
    },
  };
}

async function checkShard({ file, header, bodyStart, addTo }: OpenShard): Promise<void> {
  const checksum = startChecksum(header);
  await addTo(checksum, bodyStart);
  requireChecksumOf(file, header, checksum);
}

function requireElements(
  name: string,
  tensor: ShardedTensor | undefined,
  { target, first }: { target: ShardArray; first: number },
): ShardedTensor {
  if (!tensor) throw new RangeError(`There is no tensor '${name}'.`);
  const { dtype, shape } = tensor;
  if (!(target instanceof arrayOf[dtype])) {
    throw new RangeError(`Tensor '${name}' is of ${dtype}: it goes into no other array.`);
  }
  const isThere = first >= 0 && first + target.length <= elementCount(shape);
  if (isThere && Number.isSafeInteger(first)) return tensor;
  const wanted = `${target.length} elements from ${first} on`;
  throw new RangeError(`Tensor '${name}' of shape [${shape}] has no ${wanted}.`);
}

/** Where `length` elements from one on lie: from `first` of a shard's piece to `at` of the target. */
function* partsOf({ shape, pieces }: ShardedTensor, from: number, length: number) {
  const rowSize = elementCount(shape) / Math.max(1, rowsOf(shape));
  for (const piece of pieces) {
    const start = Math.max(from, piece.from * rowSize);
    const end = Math.min(from + length, piece.to * rowSize);
    if (start >= end) continue;
    const first = start - piece.from * rowSize;
    yield { shard: piece.shard, first, at: start - from, length: end - start };
  }
}
