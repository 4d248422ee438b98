import type { PlacedHeader, SafetensorsFile } from '@rodpo/files';
import type { Manifest } from './manifest.ts';
import { damagedShard, headOf, tensorName, withShard } from './read-shard.ts';
import { StoreError } from './store-error.ts';

/** Numbers of consecutive rows of a shard into `target`, `[rows, dimension]`. */
export type ReadShardRows = (firstRow: number, target: Float32Array<ArrayBuffer>) => Promise<void>;

/**
 * Opens one shard for as long as `use` runs.
 *
 * @throws {StoreError} if its file is missing, damaged, or not the manifest's
 */
export type ShardReader = <Result>(
  index: number,
  use: (read: ReadShardRows, header: PlacedHeader) => Promise<Result> | Result,
) => Promise<Result>;

/** Reads shards that a manifest lists. A shard is compared with the manifest before its first use. */
export function shardReader(folder: string, manifest: Manifest): ShardReader {
  const checked = new Map<number, PlacedHeader>();
  return async (index, use) => {
    const known = checked.get(index);
    const readFrom = async (opened: SafetensorsFile) => {
      if (!known) await requireListed(folder, opened, { manifest, index });
      checked.set(index, opened.header);
      const read: ReadShardRows = (row, target) =>
        opened.read(tensorName, target, row * manifest.dimension);
      return { value: await use(read, opened.header) };
    };
    const result = await withShard(folder, index, readFrom, known);
    if (!result) throw damagedShard(folder, index, 'is missing');
    return result.value;
  };
}

/** The manifest has the checksum of each file: another one of equal form is noticed too. */
async function requireListed(
  folder: string,
  opened: SafetensorsFile,
  { manifest, index }: { manifest: Manifest; index: number },
): Promise<void> {
  const { file, bytes, ids, sha256 } = manifest.shards[index]!;
  const head = headOf(opened);
  const fits =
    head.columns === manifest.dimension &&
    head.bytes === bytes &&
    head.ids.every((id, row) => id === ids[row]);
  if (!fits) {
    const problem = `${file} is not the shard that the manifest listed when the store was opened`;
    const advice = 'Open the store again; if that is no help, delete that file and extract again.';
    throw new StoreError(folder, problem, advice);
  }
  if ((await opened.sha256()) === sha256) return;
  throw damagedShard(folder, index, 'does not fit its checksum in the manifest');
}
