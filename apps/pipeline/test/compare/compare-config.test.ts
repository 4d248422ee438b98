import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCompareConfig, parseCompareConfig } from '../../src/compare/compare-config.ts';
import { ConfigError } from '../../src/config/config.ts';

const strategies = [{ name: 'uniform' }, { name: 'pool', negatives: { from: 'pool', size: 9 } }];

const parse = (settings: object) => parseCompareConfig({ strategies, ...settings }, 'x.json');

test('an encoder is the base with what it changes, as a run of its own', () => {
  const { encoders } = parse({
    output: 'runs/here',
    base: { encoder: { dimension: 32, headCount: 4 }, batch: { rowLength: 128 } },
    encoders: [
      { name: 'dense' },
      { name: 'experts', change: { encoder: { dimension: 16, experts: { expertCount: 4 } } } },
    ],
  });

  expect(encoders.map(({ name, config }) => [name, config.output, config.seed])).toEqual([
    ['dense', join('runs', 'here', 'dense'), 1],
    ['experts', join('runs', 'here', 'experts'), 1],
  ]);
  expect(encoders[0]!.config.encoder).toMatchObject({ dimension: 32, experts: null });
  expect(encoders[1]!.config).toMatchObject({
    encoder: { dimension: 16, headCount: 4, experts: { expertCount: 4, activeCount: 2 } },
    batch: { rowLength: 128, rowCount: 24 },
  });
});

test('a folder of no name is refused', () => {
  expect(() => parse({ output: '' })).toThrow(/Expected a path, got an empty text.*output/s);
});

test('a control that an encoder leaves without any loss is refused', () => {
  const settings = {
    strategies: [{ name: 'control', loss: 'none' }],
    encoders: [{ name: 'dense' }, { name: 'bare', change: { align: { crossEntropyWeight: 0 } } }],
  };

  expect(() => parse(settings)).toThrow(ConfigError);
  expect(() => parse(settings)).toThrow(/'control' has nothing to learn from/);
});

test('data paths are relative to the file, and the output to where the command is run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  const file = join(folder, 'compare.json');
  const base = { data: { source: 'sequences', path: 'clicks.txt' } };
  await writeFile(file, JSON.stringify({ base, strategies, output: 'there' }));

  const { settings, encoders } = await loadCompareConfig(file);

  expect(encoders[0]!.config.data).toMatchObject({ path: join(folder, 'clicks.txt') });
  expect(settings.output).toBe('there');
  expect((await loadCompareConfig(file, { output: 'other' })).encoders[0]!.config.output).toBe(
    join('other', 'dense'),
  );
});

test('without a file, any item, the hardest and a pool beside a control, over seeds', async () => {
  const { settings, encoders } = await loadCompareConfig();

  const ways = settings.strategies.map(({ loss, negatives }) => [loss, negatives.from]);
  expect(ways).toEqual([
    ['none', 'catalogue'],
    ['dpo', 'catalogue'],
    ['dpo', 'pool'],
    ['dpo', 'pool'],
  ]);
  expect(settings.seeds).toHaveLength(3);
  expect(encoders[0]!.config.data).toMatchObject({ source: 'simulator' });
});

const tuning = { space: { beta: [1] } };

test.each([
  ['a misspelt setting', { seed: 1 }, /no other settings than "title", "output", .*, got "seed"$/m],
  ['no strategies', { strategies: [] }, /strategies/],
  [
    'a setting of the base that no run has',
    { base: { encoder: { size: 1 } } },
    /encoder 'dense'.*size/s,
  ],
  ['an output in the base', { base: { output: 'a', seed: 1 } }, /must leave out output, seed/],
  [
    'strategies in the base',
    { base: { align: { strategies } } },
    /must leave out align\.strategies/,
  ],
  ['two encoders of a name', { encoders: [{ name: 'a' }, { name: 'a' }] }, /two encoders 'a'/],
  [
    'two strategies of a name',
    { strategies: [...strategies, strategies[0]] },
    /two strategies 'uniform'/,
  ],
  ['a strategy called as the baseline', { strategies: [{ name: 'pretrained' }] }, /'pretrained'/],
  [
    'a strategy called as a trial',
    { strategies: [{ name: 'a-trial-1' }] },
    /'a-trial-1' is a name of tuning/,
  ],
  ['a seed twice', { seeds: [1, 2, 1] }, /seed 1 is there twice/],
  [
    'a sweep of no pool',
    { sweep: { strategy: 'uniform', poolSizes: [1] } },
    /draws from a pool, got 'uniform'/,
  ],
  ['a sweep of nothing', { sweep: { strategy: 'nobody', poolSizes: [1] } }, /got 'nobody'/],
  [
    'a sweep over an encoder that is not there',
    { sweep: { strategy: 'pool', poolSizes: [1], encoders: ['b'] } },
    /sweep\.encoders must name encoders, got 'b'/,
  ],
  [
    'a sweep that doubles a strategy',
    {
      strategies: [...strategies, { name: 'pool-k3' }],
      sweep: { strategy: 'pool', poolSizes: [3] },
    },
    /two strategies 'pool-k3'/,
  ],
  [
    'a swept pool without room for the negatives',
    {
      strategies: [
        { name: 'many', loss: 'softmax-dpo', count: 4, negatives: { from: 'pool', size: 9 } },
      ],
      sweep: { strategy: 'many', poolSizes: [4, 3] },
    },
    /at least the strategy's 4, got 3\./,
  ],
  [
    'a pool to try that is larger than the catalogue',
    {
      tuning: { ...tuning, space: { poolSize: [9, 5000] } },
      sweep: { strategy: 'pool', poolSizes: [3] },
    },
    // Once: a size of the sweep is not tried.
    /^x\.json: strategy 'pool' needs 5051 items [^;]*$/,
  ],
  ['tuning by a metric that is not logged', { tuning: { ...tuning, metric: 'ndcg@7' } }, /ndcg@7/],
  [
    'an encoder with a blank before its name',
    { encoders: [{ name: ' a' }] },
    /encoders\[0\]\.name/,
  ],
  ['an encoder with a blank behind it', { encoders: [{ name: 'a ' }] }, /encoders\[0\]\.name/],
  ['a metric with something before', { metrics: ['x ndcg@5'] }, /metrics/],
  ['a metric with something behind', { metrics: ['ndcg@5 x'] }, /metrics/],
  [
    'a tuning metric with something behind',
    { tuning: { ...tuning, metric: 'mrr@5x' } },
    /match pattern[\s\S]*tuning\.metric/,
  ],
  [
    'a name of a trial',
    { strategies: [{ name: 'x-trial-12' }] },
    /'x-trial-12' is a name of tuning/,
  ],
  [
    'a sweep of an encoder that is not there',
    { sweep: { strategy: 'pool', poolSizes: [3], encoders: ['dense', 'z'] } },
    /sweep\.encoders must name encoders, got 'z'\.$/,
  ],
  ['tuning by the test part', { tuning: { ...tuning, metric: 'test ndcg@5' } }, /tuning\.metric/],
  ['a metric that nobody knows', { metrics: ['auc'] }, /metrics/],
  [
    'encoders that read different data',
    { encoders: [{ name: 'a' }, { name: 'b', change: { kCore: { minUserInteractions: 9 } } }] },
    /encoder 'b' must not change kCore/,
  ],
  [
    'encoders that hold out different items',
    { encoders: [{ name: 'a' }, { name: 'b', change: { split: { kind: 'users' } } }] },
    /encoder 'b' must not change split/,
  ],
  [
    'encoders that are ranked at different places',
    { encoders: [{ name: 'a' }, { name: 'b', change: { evaluate: { cutoffs: [5] } } }] },
    /encoder 'b' must not change evaluate/,
  ],
  [
    'several held-out items of a user',
    { base: { split: { kind: 'leave-n-out', count: 2 } } },
    /split\.kind must be 'leave-one-out' or 'users', got 'leave-n-out'/,
  ],
])('refuses %s, and says what is wrong', (_, settings, message) => {
  expect(() => parse(settings)).toThrow(ConfigError);
  expect(() => parse(settings)).toThrow(message);
});

test('encoders may be selected by other ways of ranking: every model is reported both ways', () => {
  const change = { evaluate: { maskHistory: true } };
  const { encoders } = parse({ encoders: [{ name: 'all' }, { name: 'masked', change }] });

  expect(encoders.map(({ config }) => config.evaluate.maskHistory)).toEqual([false, true]);
});

test('whole users may be held out: each counts once', () => {
  expect(() => parse({ base: { split: { kind: 'users' } } })).not.toThrow();
});

test('what is allowed at the edges', () => {
  const { settings } = parse({
    strategies: [
      { name: 'x-trial-1b' },
      { name: 'pool', loss: 'softmax-dpo', count: 3, negatives: { from: 'pool', size: 9 } },
    ],
    sweep: { strategy: 'pool', poolSizes: [3], encoders: ['dense'] },
    tuning: { metric: 'ndcg@10', space: { beta: [1, 2], crossEntropyWeight: [0, 1] } },
  });

  expect(settings.sweep!.poolSizes).toEqual([3]);
  expect(settings.tuning!.metric).toBe('ndcg@10');
  expect(settings).toMatchObject({
    seeds: [1, 2, 3],
    metrics: ['ndcg@5', 'mrr@5', 'ndcg@10', 'hit@10'],
  });
});

test('a file that is no comparison is named', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'rodpo-config-')), 'mine.json');
  await writeFile(file, '{ "strategies": [] }');

  await expect(loadCompareConfig(file)).rejects.toThrow(/mine\.json is not a comparison/);
});

test('a file that is missing or no JSON is named', async () => {
  await expect(loadCompareConfig('nowhere.json')).rejects.toThrow(
    /nowhere\.json as JSON: .*ENOENT/,
  );
});
