import { access, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isActionable } from '@rodpo/errors';
import { readSealedJson } from '@rodpo/files';
import { recommend } from '@rodpo/recipe';
import { openBundle } from '@rodpo/serving';
import { openBundle as openOnPage } from '@rodpo/serving/web';
import type { Site } from '@rodpo/studio';
import { expectAllClose } from '@rodpo/testing';
import { beforeAll, expect, test, vi } from 'vitest';
import { createCommandLine } from '../../src/commands/command-line.ts';
import { parseConfig } from '../../src/config/config.ts';
import { plainReporter } from '../../src/run/reporter.ts';
import { openRun } from '../../src/run/run.ts';
import { preparedDataset, trainedModels } from '../../src/stages/results.ts';
import { withWorkspace } from '../../src/stages/workspace.ts';
import { rodpo } from '../rodpo.ts';
import { silent, tinyConfig } from '../tiny-run.ts';

const one = [{ name: 'stochastic', negatives: { from: 'pool', size: 20 } }];
const short = { pretrain: { maxEpochs: 2 }, align: { maxEpochs: 1, strategies: one } };

let folder: string;
let run: string;
beforeAll(async () => {
  const config = await tinyConfig(short);
  folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await rodpo('run', '-c', join(folder, 'config.json'));
  // A run is known by its folder, wherever it lies.
  run = join(folder, 'moved');
  await rename(config.output, run);
});

/** What the run's own workspace answers to its test cases. */
async function expected(strategy: string) {
  const { output: _, ...own } = await tinyConfig(short);
  const opened = await openRun(parseConfig({ ...own, output: run }, 'the test'), silent);
  await opened.close(); // it is only read
  const dataset = await preparedDataset(opened);
  const weights = (await trainedModels(opened, [strategy]))[strategy]!;
  return withWorkspace(opened, dataset, async (workspace) => {
    const histories = Array.from(workspace.split.test, ({ history }) => ({ items: history }));
    const lists = await recommend(workspace, weights, histories, 10);
    const idsOf = (items: Int32Array) => [...items].map((item) => dataset.itemIds[item]!);
    return lists.map(({ items, scores }, user) => ({
      history: idsOf(histories[user]!.items),
      ids: idsOf(items),
      scores,
    }));
  });
}

test.each(['pretrained', 'stochastic'])('%s answers from a bundle as in its run', async (name) => {
  const output = join(folder, `bundle-${name}`);
  const which = name === 'pretrained' ? [] : ['--strategy', name];
  const said = await rodpo('export', '--run', run, ...which, '--output', output);
  const bundle = await openBundle(output);
  const wanted = await expected(name);
  const answers = await bundle.recommendAll(wanted);
  await bundle.dispose();

  expect(said).toContain(`${name}: 120 items of 16 numbers are in ${output}`);
  expect(wanted).toHaveLength(200);
  for (const [user, { ids, scores }] of wanted.entries()) {
    const { items, source } = answers[user]!;
    expect(source).toBe('model');
    expect(items.map(({ id }) => id)).toEqual(ids);
    expectAllClose(
      items.map(({ score }) => score),
      scores,
      { absolute: 1e-5, relative: 0 },
    );
  }
  const { test: figures } = (await readSealedJson(join(run, 'results', `${name}.json`))) as {
    test: Record<string, number>;
  };
  expect(bundle.manifest.metrics.test).toEqual(figures);
  const item = bundle.item('P0001')!;
  expect(item.title).toMatch(/\w+ \w+/);
  expect(item.attributes).toMatchObject({ price: expect.any(Number), colour: expect.any(String) });
});

test('in float16 a bundle takes half the bytes and answers as in its run, nearly', async () => {
  const [whole, half] = [join(folder, 'whole'), join(folder, 'half')];
  await rodpo('export', '--run', run, '--output', whole);
  await rodpo('export', '--run', run, '--output', half, '--precision', 'float16');
  const bundle = await openBundle(half);
  const wanted = await expected('pretrained');
  const answers = await bundle.recommendAll(wanted);
  await bundle.dispose();

  expect(bundle.manifest.precision).toBe('float16');
  for (const name of ['encoder.onnx', 'items.safetensors']) {
    const [{ size: full }, { size }] = [
      await stat(join(whole, name)),
      await stat(join(half, name)),
    ];
    expect(size).toBeLessThan(0.8 * full); // the graph, counts of choices and titles stay as they are
  }
  let found = 0;
  for (const [user, { ids, scores }] of wanted.entries()) {
    const { items } = answers[user]!;
    expectAllClose(
      items.map(({ score }) => score),
      scores,
      { absolute: 0.02, relative: 0 },
    );
    found += items.filter(({ id }) => ids.includes(id)).length;
  }
  expect(found / (10 * wanted.length)).toBeGreaterThan(0.98);
  await expect(
    rodpo('export', '--run', run, '--output', join(folder, 'no'), '--precision', 'float8'),
  ).rejects.toThrow(/float32, float16/);
});

test('recommend prints a table, or JSON, and says what is not there', async () => {
  const output = join(folder, 'asked');
  const said = await rodpo('export', '--run', run, '-o', output, '--index');
  const ask = (...options: string[]) => rodpo('recommend', '--bundle', output, ...options);
  const history = ['--history', 'P0003, gone,P0005', '--count', '3'];
  const table = (await ask(...history)).split('\n');
  const json = JSON.parse(await ask(...history, '--json'));
  const popular = await ask('--count', '2', '--exclude', 'P0001', '--diversity', '0.5');

  expect(said).toMatch(/index: recall@10 (1\.0000|0\.9[89]\d\d) of the exact scan/);
  expect(await ask(...history, '--approximate')).toBe(table.join('\n'));
  expect(table[0]).toMatch(/^ +id +title +score$/);
  expect(json).toMatchObject({ source: 'model', unknown: ['gone'] });
  expect(json.items).toHaveLength(3);
  for (const [place, { id, title, score }] of json.items.entries()) {
    expect(table[2 + place]).toContain(`${place + 1}  ${id}  ${title.slice(0, 59)}`);
    expect(table[2 + place]).toContain(score.toFixed(4));
  }
  expect(table.at(-1)).toBe('Not in the bundle: gone');
  expect(popular).toMatch(/chosen[\s\S]*Nothing is known of the history: these are the popular\.$/);
  await expect(ask('--count', 'many')).rejects.toThrow(/Expected a number/);
  await expect(ask('--count', '0')).rejects.toThrow(/count must be a positive integer, got 0/);
});

const policy =
  /http-equiv="Content-Security-Policy"\s+content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; [^"]*"/;

test('a site is a folder of static files that answer as the run does, in a browser', async () => {
  const site = join(folder, 'site');
  const said = await rodpo('export', '--run', run, '--strategy', 'stochastic', '--site', site);
  const page = await readFile(join(site, 'index.html'), 'utf8');
  const { models, users } = JSON.parse(await readFile(join(site, 'studio.json'), 'utf8'));
  const wanted = await expected('stochastic');

  expect(said).toContain(`pretrained and stochastic: a page is in ${site}`);
  expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  expect(users).toBeUndefined(); // nobody's history is published unasked
  expect(page).toMatch(policy);
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|\sstyle=|https?:\/\//); // none that the policy refuses
  const named = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path!);
  expect(named.some((path) => path.endsWith('.js'))).toBe(true);
  for (const path of named) await access(join(site, path));
  expect((await readdir(join(site, 'assets'))).some((name) => name.endsWith('.wasm'))).toBe(true);
  expect(models.map(({ name }: { name: string }) => name)).toEqual(['pretrained', 'stochastic']);
  const recommender = await openOnPage(pathToFileURL(join(site, models[1].bundle)), {
    fetch: async (address) => new Response(await readFile(fileURLToPath(address))),
  });
  const answers = await recommender.recommendAll(wanted);
  await recommender.dispose();
  expect(answers.map(({ items }) => items.map(({ id }) => id))).toEqual(
    wanted.map(({ ids }) => ids),
  );
});

test('studio shows a run until it is asked to end, and leaves the run to others', async () => {
  const ending = new AbortController();
  let address: string | undefined;
  const reporter = plainReporter((line) => {
    address ??= /the page is at (http\S+);/.exec(line)?.[1];
  });
  const options = ['--run', run, '--strategy', 'stochastic', '--users', '3', '--port', '0'];
  const ended = createCommandLine(reporter, ending.signal).parseAsync(['studio', ...options], {
    from: 'user',
  });
  await vi.waitFor(() => expect(address).toBeDefined(), { timeout: 120_000 });
  const ask = async (path: string) => (await fetch(new URL(path, address))).text();
  const site: Site = JSON.parse(await ask('studio.json'));
  const page = await ask('');
  const manifest = JSON.parse(await ask('bundles/stochastic/bundle.json'));
  const files = await readdir(run);
  ending.abort();
  await ended;

  expect(page).toMatch(policy);
  expect(manifest.model).toBe('stochastic');
  expect(files).not.toContain('.lock');
  await expect(fetch(address!)).rejects.toThrow('fetch failed');

  const wanted = await expected('pretrained');
  expect(site.users).toHaveLength(3);
  for (const { history, learned, times } of site.users!) {
    expect(learned).toBe(history.length - 1); // the last but one validates
    expect(wanted.map((user) => user.history)).toContainEqual(history);
    expect(times?.length).toBe(history.length);
  }
  expect(site.pool).toEqual({ model: 'stochastic', size: 20, exclude: expect.any(String) });
  const { output: _, ...own } = await tinyConfig(short);
  const config = parseConfig({ ...own, output: run }, 'the test');
  expect(site.pool!.exclude).toBe(config.align.exclude);
  const opened = await openRun(config, silent);
  await opened.close(); // it is only read
  const { userIds, itemIds, tastes } = await preparedDataset(opened);
  for (const { id, liked } of site.users!) {
    const user = userIds.indexOf(id);
    for (const [item, name] of itemIds.entries()) {
      expect(liked!.includes(name)).toBe(tastes!.likes(user, item));
    }
  }
  expect(new Set(site.users!.map(({ id }) => id)).size).toBe(3);
  const logged = async (stage: string) =>
    (await readFile(join(run, 'metrics', `${stage}.jsonl`), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  for (const [model, stage] of [
    ['pretrained', 'pretrain'],
    ['stochastic', 'align-stochastic'],
  ] as const) {
    const figure = 'validation ndcg@10';
    const own = site.curves!.filter((curve) => curve.model === model);
    const points = (await logged(stage)).map((entry) => [entry.epoch, entry[figure]]);
    expect(points.length).toBeGreaterThan(0);
    expect(own).toContainEqual({ model, figure, points });
    expect(own.map((curve) => curve.figure)).not.toContain('seconds');
  }
});

test('a site is there once, and nothing else is replaced by one', async () => {
  const site = join(folder, 'site twice');
  const again = (...options: string[]) => rodpo('export', '--run', run, '--site', site, ...options);
  await again();

  await expect(again()).rejects.toThrow(/is there already\. Name another folder as --site/);
  await writeFile(join(site, 'stale.txt'), '');
  await again('--fresh');
  expect(await readdir(site)).not.toContain('stale.txt');
  await rm(join(site, 'studio.json'));
  await expect(again('--fresh')).rejects.toThrow(/is no site that 'rodpo export' wrote/);
  expect(await readdir(site)).toContain('index.html');
});

test('a bundle is there once, unless it is to be replaced', async () => {
  const output = join(folder, 'twice');
  const again = (...options: string[]) => rodpo('export', '--run', run, '-o', output, ...options);
  await again();

  await expect(again()).rejects.toThrow(/it is there already/);
  await again('--fresh', '--strategy', 'stochastic');
  expect(await readSealedJson(join(output, 'bundle.json'))).toMatchObject({ model: 'stochastic' });
});

test.each([
  [['--strategy', 'hard'], /has no model "hard"\. It has "pretrained", "stochastic": name one/],
  [['--strategy', '../pretrain'], /has no model "\.\.\/pretrain"/],
  [['--title', 'name'], /--title and --attributes name columns of a table/],
])('%j is refused', async (options, message) => {
  const failure = rodpo('export', '--run', run, '-o', join(folder, 'none'), ...options);

  await expect(failure).rejects.toThrow(message);
  await expect(failure.catch(isActionable)).resolves.toBe(true);
  expect(await readdir(folder)).not.toContain('none');
});

test('what is no run, or lies in one, is told', async () => {
  await expect(rodpo('export', '--run', join(folder, 'no'), '-o', 'x')).rejects.toThrow(
    /holds no run\. Name the folder/,
  );
  await expect(rodpo('export', '--run', run, '-o', join(run, 'bundle'))).rejects.toThrow(
    /lies in the run folder/,
  );
  await expect(rodpo('export', '--run', run, '--site', join(run, 'site'))).rejects.toThrow(
    /--site .* lies in the run folder/,
  );
  await expect(rodpo('export', '--run', run)).rejects.toThrow(/name a bundle as --output, or a/);
});
