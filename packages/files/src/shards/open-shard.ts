import { join } from 'node:path';
import { FileDamagedError } from '../file-damaged-error.ts';
import { isMissing } from '../if-there.ts';
import { heldChecksum } from '../safetensors/checksum.ts';
import type { TensorEntry } from '../safetensors/header.ts';
import { type OpenFile, openHeader } from '../safetensors/open-header.ts';
import { advice, indexFile, type ShardIndex } from './shard-index.ts';

export interface OpenShard extends OpenFile {
  readonly file: string;
  /** @throws {FileDamagedError} if the shard has no such tensor */
  entry(name: string): TensorEntry;
}

/**
 * Opens a shard that an index names, and compares with it all that does not take reading the whole.
 *
 * @throws {FileDamagedError} if it is missing, cut off, or another file
 */
export async function openShard(
  folder: string,
  { shards }: ShardIndex,
  number: number,
): Promise<OpenShard> {
  const { file: name, bytes, checksum } = shards[number]!;
  const file = join(folder, name);
  const named = indexFile(folder);
  const opened = await openHeader(file).catch((error) => {
    if (!isMissing(error)) throw error;
    throw new FileDamagedError(file, { problem: `it is missing, and ${named} names it`, advice });
  });
  const refuse = async (problem: string) => {
    await opened.close();
    throw new FileDamagedError(file, { problem, advice });
  };
  const size = opened.bodyStart + opened.bodyBytes;
  if (size !== bytes) await refuse(`expected ${bytes} bytes, as ${named} says, got ${size}`);
  if (heldChecksum(opened.header) !== checksum) {
    await refuse(`it is another file than ${named} names: its checksum is not the one given there`);
  }
  const entries = new Map(opened.header.entries.map((entry) => [entry.name, entry]));
  return {
    ...opened,
    file,
    entry: (tensor) => {
      const entry = entries.get(tensor);
      if (entry) return entry;
      throw new FileDamagedError(file, { problem: `it holds no tensor '${tensor}'`, advice });
    },
  };
}
