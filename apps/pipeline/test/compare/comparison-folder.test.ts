import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderLockedError, partialName } from '@rodpo/files';
import { expect, test } from 'vitest';
import { openComparison } from '../../src/compare/comparison-folder.ts';
import { deepMerge } from '../../src/compare/deep-merge.ts';
import { ConfigError } from '../../src/config/config.ts';
import { silent } from '../tiny-run.ts';
import { tinyComparison } from './tiny-comparison.ts';

test('a comparison is worked on by one process, unless all say that they share it', async () => {
  const config = await tinyComparison();
  const alone = await openComparison(config, silent);

  await expect(openComparison(config, silent)).rejects.toThrow(FolderLockedError);
  await expect(openComparison(config, silent, { shared: true })).rejects.toThrow(FolderLockedError);
  await alone.close();

  // The second would wait for as long as the first is opening it.
  const shared = { shared: true, signal: AbortSignal.timeout(5000) };
  const both = [await openComparison(config, silent, shared)];
  both.push(await openComparison(config, silent, shared));
  expect(both.map(({ id }) => id)).toEqual([alone.id, alone.id]);
  for (const each of both) await each.close();
});

test('a fresh one takes the place of one with other settings, and of its runs', async () => {
  const config = await tinyComparison();
  const first = await openComparison(config, silent);
  await first.runOf('dense');
  await first.close();
  const { output } = config.settings;
  const other = await tinyComparison({ output, title: 'other', seeds: [7], tuning: null });

  const second = await openComparison(other, silent, { fresh: true });
  await second.close();
  expect(JSON.parse(await readFile(join(output, 'compare.json'), 'utf8'))).toMatchObject({
    settings: { title: 'other', seeds: [7] },
  });
  await expect(stat(join(output, 'dense', 'config.json'))).rejects.toThrow('ENOENT');
});

/** Of strangers' data and vectors: the files, and the settings that name them. */
async function filesIn(folder: string) {
  await mkdir(folder, { recursive: true });
  const named = (name: string) => join(folder, name);
  await writeFile(named('data.txt'), 'anna tea cup\n');
  const from = { npy: named('vectors.npy'), ids: named('ids.txt') };
  return {
    data: { source: 'sequences', path: named('data.txt') },
    catalogue: { path: named('items.tsv'), id: 'id', images: named('pictures') },
    features: { text: { encoder: 'vectors', from }, models: { cache: named('models') } },
  };
}

const settingsIn = (output: string) => readFile(join(output, 'compare.json'), 'utf8');

test('one whose files were moved, and that another engine works on, goes on', async () => {
  const { settings } = await tinyComparison({ tuning: null });
  const { output, base } = settings;
  const open = async (changes: object) => {
    const config = await tinyComparison({ output, tuning: null, base: { ...base, ...changes } });
    const comparison = await openComparison(config, silent);
    await comparison.runOf('dense');
    await comparison.close();
  };
  await open(await filesIn(join(output, '..', 'here')));

  await open({ ...(await filesIn(join(output, '..', 'there'))), engine: { threads: 2 } });
  expect(await settingsIn(output)).toContain('there');
});

test.each([
  [/dense .*data\.images: false, now true/, { data: { images: true } }, {}],
  [/dense .*align\.patience: 3, now 4/, { align: { patience: 4 } }, {}],
  [/wide .*encoder\.dimension: 16, now 24/, {}, { encoder: { dimension: 24 } }],
])('one with other settings is refused, and stays as it is: %s', async (problem, base, change) => {
  const ofBoth = async (changes: { output?: string; base?: object; change?: object }) => {
    const { change: own = { encoder: { dimension: 16 } }, ...others } = changes;
    const encoders = [{ name: 'dense' }, { name: 'wide', change: own }];
    return tinyComparison({ ...others, encoders });
  };
  const known = await ofBoth({});
  const { output, base: before } = known.settings;
  const comparison = await openComparison(known, silent);
  for (const name of ['dense', 'wide']) await comparison.runOf(name);
  await comparison.close();
  const kept = await settingsIn(output);

  const other = await ofBoth({
    output,
    base: deepMerge(before, base),
    change: deepMerge({ encoder: { dimension: 16 } }, change),
  });
  await expect(openComparison(other, silent)).rejects.toThrow(ConfigError);
  await expect(openComparison(other, silent)).rejects.toThrow(problem);
  expect(await settingsIn(output)).toBe(kept);
  // Nobody holds the folder after that.
  await (await openComparison(known, silent)).close();
});

test('nor does one whose data are others forget what it was', async () => {
  const { settings } = await tinyComparison({ tuning: null });
  const { output, base } = settings;
  const folder = join(output, '..', 'here');
  const files = await filesIn(folder);
  const config = (changes: object = {}) =>
    tinyComparison({ output, tuning: null, base: { ...base, ...files }, ...changes });
  const comparison = await openComparison(await config(), silent);
  const run = await comparison.runOf('dense');
  await writeFile(run.file('data', 'ids.json'), '{}');
  await comparison.close();
  const kept = await settingsIn(output);
  await writeFile(join(folder, 'data.txt'), 'anna cup tea\n');

  await expect(openComparison(await config({ title: 'Anew' }), silent)).rejects.toThrow(
    /was made with other data/,
  );
  expect(await settingsIn(output)).toBe(kept);
});

test('a run is opened once, with the settings of its encoder', async () => {
  const config = await tinyComparison({
    encoders: [{ name: 'small' }, { name: 'wide', change: { encoder: { dimension: 16 } } }],
  });
  const comparison = await openComparison(config, silent);
  const wide = await comparison.runOf('wide', 2);

  expect(await comparison.runOf('wide', 2)).toBe(wide);
  expect(await comparison.runOf('small', 2)).not.toBe(wide);
  expect(wide.config).toMatchObject({ seed: 2, encoder: { dimension: 16 } });
  await comparison.close();
});

test('a run that could not be opened can be when it is asked for again', async () => {
  const config = await tinyComparison();
  const comparison = await openComparison(config, silent);
  const inTheWay = join(config.settings.output, 'dense');
  await writeFile(inTheWay, '');

  await expect(comparison.runOf('dense')).rejects.toThrow();
  await rm(inTheWay);
  expect((await comparison.runOf('dense')).config.seed).toBe(1);
  await comparison.close();
});

test('of those who share a comparison none takes away what another is writing', async () => {
  const config = await tinyComparison();
  const partial = partialName(join(config.settings.output, 'dense', 'versions.json'));
  const open = async (shared: boolean) => {
    const comparison = await openComparison(config, silent, { shared });
    await comparison.runOf('dense');
    await comparison.close();
    return stat(partial).then(
      () => 'there',
      () => 'gone',
    );
  };
  await open(false);
  await writeFile(partial, 'half');

  expect(await open(true)).toBe('there');
  expect(await open(false)).toBe('gone');
});

test('what a killed process had half written goes at once', async () => {
  const config = await tinyComparison();
  const { output } = config.settings;
  await mkdir(output, { recursive: true });
  await (await openComparison(config, silent)).close();
  const partial = partialName(join(output, 'compare.json'));
  await writeFile(partial, 'half');

  await (await openComparison(config, silent)).close();
  await expect(stat(partial)).rejects.toThrow('ENOENT');
});
