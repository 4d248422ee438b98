import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { openStore } from '@rodpo/features';
import { expect, test } from 'vitest';
import { plainReporter } from '../src/run/reporter.ts';
import { openRun } from '../src/run/run.ts';
import { runPipeline } from '../src/stages/pipeline.ts';
import { rodpo } from './rodpo.ts';
import { isQuick } from './tier.ts';
import { tinyConfig, tinyRun } from './tiny-run.ts';

const short = {
  data: { images: true, itemCount: 60 },
  pretrain: { maxEpochs: 1 },
  align: { maxEpochs: 1, strategies: [{ name: 'uniform' }] },
};

async function configFile(settings: object): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'config.json');
  await writeFile(file, JSON.stringify(settings));
  return file;
}

/** A catalogue of three items in a table; one has neither text nor image. */
async function tableConfig(features: object): Promise<{ config: string; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  const rows = ['id\ttitle\tpicture', 'a\tred shoe\tno.png', 'b\tblue shoe\t', 'c\t\t'];
  await writeFile(join(folder, 'items.tsv'), `${rows.join('\n')}\n`);
  const output = join(folder, 'run');
  const catalogue = { path: 'items.tsv', id: 'id', text: ['title'], image: 'picture' };
  const config = join(folder, 'config.json');
  const data = { source: 'sequences', path: 'unused.txt' };
  await writeFile(config, JSON.stringify({ output, data, catalogue, features }));
  return { config, output };
}

test.skipIf(isQuick)(
  'a run whose config asks for modalities leaves a store of each in its folder',
  async () => {
    const run = await tinyRun({
      ...short,
      features: {
        image: { encoder: 'histograms' },
        text: { encoder: 'tfidf', dimension: 16 },
        shardSize: 25,
      },
    });

    await runPipeline(run);

    for (const [modality, model] of [
      ['image', 'image-histograms'],
      ['text', 'hashed-tfidf-svd'],
    ] as const) {
      const store = await openStore(run.file('features', modality));
      expect(store).toMatchObject({ itemCount: 60, presentCount: 60, description: { model } });
      expect(store.has('P0001')).toBe(true);
      expect(await store.verify()).toEqual([]);
    }
  },
);

test.skipIf(isQuick)(
  'with auto, a descriptor stands in for a model that is not there, and says so',
  async () => {
    const said: string[] = [];
    const config = await tinyConfig({
      ...short,
      features: { text: { encoder: 'auto', dimension: 16 }, models: { offline: true } },
    });
    await runPipeline(
      await openRun(
        config,
        plainReporter((line) => said.push(line)),
      ),
    );

    expect(said.join('\n')).toMatch(/WARNING: hashed-tfidf-svd stands in for Xenova\/all-MiniLM/);
    const manifest = JSON.parse(
      await readFile(join(config.output, 'features', 'text', 'manifest.json'), 'utf8'),
    );
    expect(manifest.description).toMatchObject({
      model: 'hashed-tfidf-svd',
      standsInFor: 'Xenova/all-MiniLM-L6-v2',
    });
  },
);

test.each([
  [{ text: { encoder: 'sentence' } }, /Xenova\/all-MiniLM-L6-v2 cannot be had/],
  [{ image: { encoder: 'clip' } }, /Xenova\/clip-vit-base-patch32 cannot be had/],
  [{ image: { encoder: 'model', model: 'my/own' } }, /my\/own cannot be had/],
  [{ image: { encoder: 'model' } }, /needs a model/],
])('without auto, nothing stands in: %j', async (features, message) => {
  const { config } = await tableConfig({ ...features, models: { offline: true } });
  const failure = rodpo('extract', '-c', config);

  await expect(failure).rejects.toThrow(message);
  await expect(failure.catch(isActionable)).resolves.toBe(true);
});

test('shards made by several commands end in the bytes of one command', async () => {
  const features = { text: { encoder: 'tfidf', dimension: 8 }, shardSize: 10 };
  const data = { source: 'simulator', userCount: 200, itemCount: 60, images: false };
  const whole = await configFile({ output: join(await mkdtemp(join(tmpdir(), 'r-')), 'w') });
  const settings = { output: `${whole}-whole`, data, features };
  await writeFile(whole, JSON.stringify(settings));
  const parts = await configFile({ ...settings, output: `${whole}-parts` });

  expect(await rodpo('extract', '-c', whole)).toMatch(/text: 60 vectors of 8 by hashed-tfidf-svd/);
  expect(await rodpo('extract', '-c', parts, '--shard', '2/2')).toMatch(/still missing/);
  await rodpo('extract', '-c', parts, '--shard', '1/2');

  for (const file of ['shard-00003.safetensors', 'manifest.json']) {
    const bytes = (kind: string) => readFile(join(`${whole}-${kind}`, 'features', 'text', file));
    expect(await bytes('parts')).toEqual(await bytes('whole'));
  }
});

test('items without a usable input are listed with their reasons', async () => {
  const { config, output } = await tableConfig({ image: { encoder: 'histograms' } });
  const said = await rodpo('extract', '-c', config);

  expect(said).toMatch(/without: 3 missing/);
  const { failures } = JSON.parse(
    await readFile(join(output, 'features', 'image', 'manifest.json'), 'utf8'),
  );
  expect(failures).toMatchObject([
    { id: 'a', reason: 'missing' },
    { id: 'b', reason: 'missing' },
    { id: 'c', reason: 'missing' },
  ]);
  const strict = rodpo('extract', '-c', config, '--strict');
  await expect(strict).rejects.toThrow(/\ba\b/);
  await expect(strict.catch(isActionable)).resolves.toBe(true);
});

test.each([
  [[], /asks for no modality/, {}],
  [['--shard', '3/2'], /i from 1 to n/, { text: {} }],
  [['--queue', 'http://127.0.0.1'], /redis:\/\//, { text: { encoder: 'tfidf', dimension: 1 } }],
])('refuses %j', async (options, message, features) => {
  const { config } = await tableConfig(features);

  await expect(rodpo('extract', '-c', config, ...options)).rejects.toThrow(message);
});

test('download needs a column of addresses, and extract a catalogue', async () => {
  const { config } = await tableConfig({ image: {} });
  await expect(rodpo('download', '-c', config)).rejects.toThrow(/catalogue.imageUrl/);

  const settings = JSON.parse(await readFile(config, 'utf8'));
  const bare = await configFile({ ...settings, output: `${config}-bare`, catalogue: null });
  await expect(rodpo('extract', '-c', bare)).rejects.toThrow(/under "catalogue"/);
});
