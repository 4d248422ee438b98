import { FileDamagedError } from '../file-damaged-error.ts';
import { requireChecksumOf, startChecksum } from '../safetensors/checksum.ts';
import { inBodyOrder } from '../safetensors/header.ts';
import type { NamedArray, NamedArrays } from '../safetensors/named-array.ts';
import { type ReadInto, requireKnown, targetOf } from '../safetensors/read-into.ts';
import type { Safetensors } from '../safetensors/read-safetensors.ts';
import { pieceOf } from './lay-out-shards.ts';
import { openShard } from './open-shard.ts';
import { advice, readIndex, type ShardIndex } from './shard-index.ts';

/** Bytes that are read and added to the checksum at a time. */
const partBytes = 2 ** 23;

/**
 * All that `writeShards` wrote to a folder, each tensor in one array again, read straight into it and checked
 * on the way.
 *
 * @throws {FileDamagedError} if the index or a shard is damaged, missing, or of another folder or time; what
 * was read into `into` is of no use then
 * @throws {RangeError} if an array of `into` does not fit
 * @throws the file system's error, with its `code`: `ENOENT` if there is no index
 */
export async function readShards(
  folder: string,
  { into = {} }: ReadInto = {},
): Promise<Safetensors> {
  const index = await readIndex(folder);
  requireKnown(into, index.tensors);
  const tensors = Object.fromEntries(
    index.tensors.map((tensor) => {
      return [tensor.name, { shape: tensor.shape, data: targetOf(into, tensor) }] as const;
    }),
  );
  for (const number of index.shards.keys()) await readShard(folder, { index, number, tensors });
  return { tensors, metadata: { ...index.metadata } };
}

async function readShard(
  folder: string,
  { index, number, tensors }: { index: ShardIndex; number: number; tensors: NamedArrays },
): Promise<void> {
  const { file, header, readBody, close } = await openShard(folder, index, number);
  try {
    const checksum = startChecksum(header);
    for (const { name, dtype, shape, from } of inBodyOrder(header.entries)) {
      const piece = pieceIn(index, number, { name, tensors });
      if (!piece || dtype !== piece.dtype || `${shape}` !== `${piece.array.shape}`) {
        const problem = `its tensor '${name}' is not the one that the index tells of`;
        throw new FileDamagedError(file, { problem, advice });
      }
      const { buffer, byteOffset, byteLength } = piece.array.data;
      for (let done = 0; done < byteLength; done += partBytes) {
        const length = Math.min(partBytes, byteLength - done);
        const part = new Uint8Array(buffer, byteOffset + done, length);
        await readBody(part, from + done);
        checksum.update(part);
      }
    }
    requireChecksumOf(file, header, checksum);
  } finally {
    await close();
  }
}

/** The part of a tensor's array that a shard holds. */
function pieceIn(
  { tensors: entries }: ShardIndex,
  number: number,
  { name, tensors }: { name: string; tensors: NamedArrays },
): { dtype: string; array: NamedArray } | undefined {
  const entry = entries.find((tensor) => tensor.name === name);
  const piece = entry?.pieces.find(({ shard }) => shard === number);
  return entry && piece && { dtype: entry.dtype, array: pieceOf(tensors[name]!, piece) };
}
