import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeStalePartials, writeFolder } from '@rodpo/files';
import { beforeEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Renames that the writer still gets to; after them it can do nothing more, as if it were killed. */
const life = vi.hoisted(() => ({ renames: Number.POSITIVE_INFINITY }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const alive = () => {
    if (life.renames <= 0) throw new Error('killed');
  };
  return {
    ...real,
    rename: async (from: string, to: string) => {
      alive();
      life.renames--;
      await real.rename(from, to);
    },
    rm: async (...rest: Parameters<typeof real.rm>) => {
      alive();
      await real.rm(...rest);
    },
  };
});

const year2020 = new Date('2020-01-01');

/** A folder of long ago, whose replacement is killed after its first rename. */
async function killedBetween(): Promise<string> {
  const parent = temporaryFolder();
  const folder = join(parent, 'bundle');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'old');
  utimesSync(folder, year2020, year2020);
  life.renames = 1;
  const write = (partial: string) => writeFile(join(partial, 'a.txt'), 'new');
  await expect(writeFolder(folder, write, { replace: true })).rejects.toThrow('killed');
  life.renames = Number.POSITIVE_INFINITY;
  expect(readdirSync(parent)).toHaveLength(2);
  expect(readdirSync(parent)).not.toContain('bundle');
  return parent;
}

const textIn = (parent: string) => readFileSync(join(parent, 'bundle', 'a.txt'), 'utf8');

beforeEach(() => {
  life.renames = Number.POSITIVE_INFINITY;
});

test('a folder that was stepping aside when its writer was killed is put back', async () => {
  const parent = await killedBetween();

  expect(await removeStalePartials(parent, { olderThanMs: 0 })).toHaveLength(1);
  expect(readdirSync(parent)).toEqual(['bundle']);
  expect(textIn(parent)).toBe('old');
});

test('it is left alone while its writer may be at work, however old it is', async () => {
  const parent = await killedBetween();

  expect(await removeStalePartials(parent, { olderThanMs: 60_000 })).toEqual([]);
  expect(readdirSync(parent)).toHaveLength(2);
});

test('it is removed where another has taken its place', async () => {
  const parent = await killedBetween();
  await writeFolder(join(parent, 'bundle'), (partial) => writeFile(join(partial, 'a.txt'), 'next'));

  expect(await removeStalePartials(parent, { olderThanMs: 0 })).toHaveLength(2);
  expect(readdirSync(parent)).toEqual(['bundle']);
  expect(textIn(parent)).toBe('next');
});

test('a former folder that cannot be removed does not make a replacement fail', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'bundle');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'old');
  life.renames = 2;
  await writeFolder(folder, (partial) => writeFile(join(partial, 'a.txt'), 'new'), {
    replace: true,
  });

  expect(textIn(parent)).toBe('new');
  life.renames = Number.POSITIVE_INFINITY;
  expect(await removeStalePartials(parent, { olderThanMs: 0 })).toHaveLength(1);
  expect(readdirSync(parent)).toEqual(['bundle']);
});
