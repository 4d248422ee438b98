import {
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { FileDamagedError, openShards, readShards, sealed, writeShards } from '@rodpo/files';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { maxShardBytes, someTensors } from './some-tensors.ts';

async function written(start = 7): Promise<string> {
  const folder = temporaryFolder();
  await writeShards(folder, someTensors(start), { epoch: '3' }, { maxShardBytes });
  return folder;
}

const shard = (number: number, generation = 1) => `${generation}-0000${number}.safetensors`;

test('a single flipped bit is noticed, in whichever file', async () => {
  const folder = await written();
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const whole = readFileSync(file);
    for (let bit = 0; bit < 8 * whole.length; bit += 23) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(file, bytes);
      const error = await readShards(folder).catch((thrown: unknown) => thrown);

      expect(error, `${name}, bit ${bit}`).toBeInstanceOf(FileDamagedError);
      expect(isActionable(error)).toBe(true);
    }
    writeFileSync(file, whole);
  }
  expect((await readShards(folder)).tensors).toEqual(someTensors(7));
});

test.each([
  {
    fact: 'is missing',
    change: (folder: string) => rmSync(join(folder, shard(1))),
    problem: 'it is missing, and',
  },
  {
    fact: 'is cut off',
    change: (folder: string) => {
      const file = join(folder, shard(1));
      writeFileSync(file, readFileSync(file).subarray(0, -1));
    },
    problem: 'the tensors are cut off',
  },
  {
    fact: 'is swapped with another',
    change: (folder: string) => {
      renameSync(join(folder, shard(0)), join(folder, 'aside'));
      renameSync(join(folder, shard(1)), join(folder, shard(0)));
      renameSync(join(folder, 'aside'), join(folder, shard(1)));
    },
    problem: 'it is another file than',
  },
  {
    fact: 'is of another size',
    change: (folder: string) => copyFileSync(join(folder, shard(3)), join(folder, shard(1))),
    problem: /expected \d+ bytes, as .* says, got \d+/,
  },
  {
    fact: 'is no safetensors file',
    change: (folder: string) => writeFileSync(join(folder, shard(1)), 'text'),
    problem: 'the file is shorter than 8 bytes',
  },
])('a shard that $fact is refused, whole or in part', async ({ change, problem }) => {
  const folder = await written();
  change(folder);
  const opened = await openShards(folder);
  const rows = new Float32Array(6);

  const readings = [
    () => readShards(folder),
    () => opened.read('items', rows, 6),
    () => opened.check(),
  ];
  for (const read of readings) {
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FileDamagedError);
    expect((error as Error).message).toMatch(problem);
    expect((error as Error).message).toMatch(/[Rr]estore/);
  }
  await opened.read('items', rows, 12); // of a shard that is as it was
  expect(rows[0]).toBe(7 + 12 / 32);
  await opened.close();
});

test('a shard of another folder is refused, also if its numbers are the same', async () => {
  const [folder, other] = [await written(7), await written(8)];
  copyFileSync(join(other, shard(2)), join(folder, shard(2)));
  await expect(readShards(folder)).rejects.toThrow('it is another file than');

  const zeros = { zeros: { shape: [6, 2], data: new Float32Array(12) } };
  await writeShards(folder, zeros, {}, { maxShardBytes });
  copyFileSync(join(folder, shard(0, 2)), join(folder, shard(1, 2)));
  await expect(readShards(folder)).rejects.toThrow('it is another file than');
});

test('an index of another folder, or of something else, is refused', async () => {
  const [folder, other] = [await written(7), await written(8)];
  const index = join(folder, 'index.json');
  copyFileSync(join(other, 'index.json'), index);
  await expect(readShards(folder)).rejects.toThrow('it is another file than');

  writeFileSync(index, JSON.stringify(sealed({ epoch: 3 })));
  await expect(readShards(folder)).rejects.toThrow('it is no index of tensors in shards');
  writeFileSync(index, '{"format":"tensors in shards, 1"}');
  await expect(readShards(folder)).rejects.toThrow('it holds no checksum');
});

test('over a damaged index a new one is written, and only then what was there goes', async () => {
  const folder = await written(7);
  writeFileSync(join(folder, 'index.json'), 'damaged');
  await writeShards(folder, someTensors(8), {}, { maxShardBytes });

  expect((await readShards(folder)).tensors).toEqual(someTensors(8));
  const names = [0, 1, 2, 3].map((number) => shard(number, 2));
  expect(readdirSync(folder)).toEqual([...names, 'index.json']);
});

test('wherever a writer stops, one time is whole, and the next write leaves nothing else', async () => {
  const before = await written(7);
  const after = temporaryFolder();
  cpSync(before, after, { recursive: true });
  await writeShards(after, someTensors(8), {}, { maxShardBytes });
  const namesOf = (folder: string) => readdirSync(folder).filter((name) => name !== 'index.json');
  const [old, fresh] = [namesOf(before), namesOf(after)];
  // In the order of a write: the new shards, the index, and the old ones' removal.
  const steps = [
    ...fresh.map((name) => (folder: string) => copyFileSync(join(after, name), join(folder, name))),
    (folder: string) => copyFileSync(join(after, 'index.json'), join(folder, 'index.json')),
    ...old.map((name) => (folder: string) => rmSync(join(folder, name))),
  ];
  expect(steps).toHaveLength(9);
  for (let done = 0; done <= steps.length; done++) {
    const folder = temporaryFolder();
    cpSync(before, folder, { recursive: true });
    for (const step of steps.slice(0, done)) step(folder);

    const expected = done > fresh.length ? 8 : 7;
    expect((await readShards(folder)).tensors, `${done} steps`).toEqual(someTensors(expected));
    await writeShards(folder, someTensors(9), {}, { maxShardBytes });
    expect((await readShards(folder)).tensors).toEqual(someTensors(9));
    // What was not finished goes first, not to fill the disk with what nobody can read.
    expect(namesOf(folder)).toEqual([0, 1, 2, 3].map((n) => shard(n, expected === 7 ? 2 : 3)));
  }
});
