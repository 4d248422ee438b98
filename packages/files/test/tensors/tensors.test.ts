import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FileDamagedError,
  hasTensors,
  openTensors,
  readMetadata,
  readSafetensors,
  readTensors,
  removeTensors,
  writeSafetensors,
  writeTensors,
} from '@rodpo/files';
import { expect, test } from 'vitest';
import { maxShardBytes, someTensors } from '../shards/some-tensors.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const bytes = 80 + 4 + 3; // of some tensors
const sharded = { shardAboveBytes: bytes - 1, maxShardBytes };

test('up to a size they are one file, above it shards, and read back either way', async () => {
  const folder = temporaryFolder();
  const [one, several] = [join(folder, 'one.safetensors'), join(folder, 'several.safetensors')];
  await writeTensors(one, someTensors(7), { epoch: '3' }, { ...sharded, shardAboveBytes: bytes });
  await writeTensors(several, someTensors(7), { epoch: '3' }, sharded);

  expect(readdirSync(folder).sort()).toEqual(['one.safetensors', 'several.shards']);
  expect(readdirSync(join(folder, 'several.shards'))).toHaveLength(5);
  for (const file of [one, several]) {
    const items = { shape: [10, 2], data: new Float32Array(new SharedArrayBuffer(80)) };
    const read = await readTensors(file, { into: { items }, requireChecksum: true });
    expect(read.metadata).toEqual({ epoch: '3' });
    expect(await readMetadata(file, { requireChecksum: true })).toEqual({ epoch: '3' });
    expect(read.tensors.items!.data).toBe(items.data);
    expect([...items.data]).toEqual([...someTensors(7).items!.data]);
    expect(read.tensors.flags).toEqual(someTensors(7).flags);

    const opened = await openTensors(file, { requireChecksum: true });
    const rows = new Float32Array(4);
    await opened.read('items', rows, 8);
    expect(rows).toEqual(someTensors(7).items!.data.slice(8, 12));
    expect(opened.metadata).toEqual({ epoch: '3' });
    expect(opened.tensors[0]).toMatchObject({ name: 'items', shape: [10, 2] });
    await opened.check();
    await opened.close();
  }
  expect((await readSafetensors(one)).metadata).toEqual({ epoch: '3' });
});

test('what was one file becomes shards, and stays shards', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'model.safetensors');
  await writeTensors(file, someTensors(7));
  await writeTensors(file, someTensors(8), {}, sharded);
  expect(existsSync(file)).toBe(false);
  await writeTensors(file, someTensors(9));

  expect(readdirSync(folder)).toEqual(['model.shards']);
  expect((await readTensors(file)).tensors).toEqual(someTensors(9));
});

test('killed before a file that shards replace is gone, the shards count', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'model.safetensors');
  await writeTensors(file, someTensors(8), {}, sharded);
  await writeSafetensors(file, someTensors(7)); // as if it had not been removed yet

  expect((await readTensors(file)).tensors).toEqual(someTensors(8));
  await writeTensors(file, someTensors(9), {}, sharded);
  expect(readdirSync(folder)).toEqual(['model.shards']);
});

test('killed before the first index is there, the file counts', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'model.safetensors');
  await writeTensors(file, someTensors(7));
  const other = join(temporaryFolder(), 'model.safetensors');
  await writeTensors(other, someTensors(8), {}, sharded);
  cpSync(other.replace('.safetensors', '.shards'), join(folder, 'model.shards'), {
    recursive: true,
  });
  rmSync(join(folder, 'model.shards', 'index.json'));

  expect((await readTensors(file)).tensors).toEqual(someTensors(7));
  await writeTensors(file, someTensors(9));
  expect((await readTensors(file)).tensors).toEqual(someTensors(9));
});

test('a damaged index is told, and the file beside it not taken instead', async () => {
  const file = join(temporaryFolder(), 'model.safetensors');
  await writeTensors(file, someTensors(8), {}, sharded);
  await writeSafetensors(file, someTensors(7));
  writeFileSync(join(file.replace('.safetensors', '.shards'), 'index.json'), '{}');

  await expect(readTensors(file)).rejects.toThrow(FileDamagedError);
});

test('either is seen to be there, and removed, and nothing else', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'model.safetensors');
  expect(await hasTensors(file)).toBe(false);
  await removeTensors(file);
  for (const options of [{}, sharded]) {
    await writeTensors(file, someTensors(7), {}, options);
    expect(await hasTensors(file)).toBe(true);
    await removeTensors(file);
    expect(await hasTensors(file)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  }
  await writeTensors(file, someTensors(7), {}, sharded);
  writeFileSync(join(folder, 'model.shards', 'notes.txt'), 'mine');
  await removeTensors(file);

  expect(await hasTensors(file)).toBe(false);
  expect(readdirSync(join(folder, 'model.shards'))).toEqual(['notes.txt']);
});

test('with neither a file nor shards, the error is that of the file', async () => {
  const file = join(temporaryFolder(), 'model.safetensors');

  await expect(readTensors(file)).rejects.toMatchObject({ code: 'ENOENT', path: file });
  await expect(openTensors(file)).rejects.toMatchObject({ code: 'ENOENT', path: file });
  const writing = writeTensors(file, someTensors(7), {}, { shardAboveBytes: -1 });
  await expect(writing).rejects.toThrow('shardAboveBytes must be an integer from 0, got -1');
});

test('metadata are believed only if all that they are beside is as it was written', async () => {
  const folder = temporaryFolder();
  const [one, several] = [join(folder, 'one.safetensors'), join(folder, 'several.safetensors')];
  await writeTensors(one, someTensors(7), { epoch: '3' });
  await writeTensors(several, someTensors(7), { epoch: '3' }, sharded);
  const shards = join(folder, 'several.shards');
  const shard = readdirSync(shards).find((name) => name.endsWith('.safetensors'))!;
  for (const file of [one, join(shards, shard)]) {
    const bytes = readFileSync(file);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(file, bytes);
  }

  for (const file of [one, several]) {
    await expect(readMetadata(file, { requireChecksum: true })).rejects.toThrow(FileDamagedError);
  }
});
