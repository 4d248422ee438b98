import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alignSettings } from '../src/config/align-settings.ts';
import { ConfigError, loadConfig, parseConfig } from '../src/config/config.ts';

test('every setting has a default', async () => {
  const config = await loadConfig();

  expect(config.data).toEqual({
    source: 'simulator',
    userCount: 2000,
    itemCount: 1000,
    likedShare: 0.05,
    minClicks: 5,
    medianClicks: 9,
    maxClicks: 50,
    popularitySkew: 0.6,
    hiddenShare: 0.2,
    complementLift: 2.5,
    images: true,
  });
  expect(config.align.strategies.map(({ negatives }) => negatives)).toEqual([
    { from: 'catalogue' },
    { from: 'pool', size: 1, scoredBy: 'policy' },
    { from: 'pool', size: 50, scoredBy: 'policy' },
  ]);
});

test('data paths are relative to the config file', async () => {
  const file = join(tmpdir(), `rodpo-config-${process.pid}.json`);
  await writeFile(file, JSON.stringify({ data: { source: 'sequences', path: 'x/clicks.txt' } }));

  expect((await loadConfig(file)).data).toMatchObject({ path: join(tmpdir(), 'x/clicks.txt') });
});

test('a storefront is refused in the words of the simulator, before anything is read', () => {
  const storefront = (settings: object) =>
    parseConfig({ data: { source: 'simulator', ...settings } }, 'x');

  expect(() => storefront({ popularitySkew: -1 })).toThrow(
    /popularitySkew must lie between 0 and 10, got -1\n.*at data/,
  );
  expect(() => storefront({ itemCount: 40 })).toThrow(/itemCount must be at least maxClicks, 50, /);
  expect(storefront({ itemCount: 40, maxClicks: 40 }).data).toMatchObject({ itemCount: 40 });
});

function strategies(settings: object): object {
  return { align: { strategies: [{ name: 'x', ...settings }] } };
}

test('a strategy takes from its section what it does not set itself', () => {
  const { align } = parseConfig(
    { align: { beta: 2, strategies: [{ name: 'x', dropout: 0 }] } },
    '',
  );

  expect(alignSettings(align, align.strategies[0]!)).toEqual({
    name: 'x',
    loss: 'dpo',
    negatives: { from: 'catalogue' },
    count: 1,
    beta: 2,
    crossEntropyWeight: 1,
    crossEntropy: { kind: 'auto' },
    learningRate: 1e-4,
    dropout: 0,
    maxEpochs: 10,
    patience: 3,
    exclude: 'history',
    margin: 'policy-dropout',
    positions: 'all',
  });
});

test.each([
  ['a misspelt setting', { pretrain: { learningrate: 1 } }, /learningrate/],
  ['a wrong type', { align: { beta: 'large' } }, /expected number, received string.*align\.beta/s],
  ['an unknown source', { data: { source: 'oracle' } }, /data\.source/],
  ['rows too short', { batch: { rowLength: 32 } }, /rowLength \(32\) must be at least .*\(50\)/],
  [
    'windows that leave items out',
    { encoder: { maxLength: 20 }, batch: { windows: { stride: 22 } } },
    /batch\.windows\.stride \(22\) must be at most encoder\.maxLength \+ 1 \(21\)/,
  ],
  ['blocks that do not fit', { batch: { blockSize: 500 } }, /blockSize \(500\) must divide .*1536/],
  ['heads that do not fit', { encoder: { headCount: 3 } }, /headCount \(3\) must divide .*64/],
  ['an unknown encoder', { encoder: { kind: 'gru' } }, /transformer.*encoder\.kind/s],
  [
    'HM4SR without ids',
    { encoder: { kind: 'hm4sr', streams: ['text'] } },
    /must have 'id'.*encoder\.streams/s,
  ],
  ['what an encoder does not have', { encoder: { kind: 'hm4sr', norm: 'pre' } }, /"norm"/],
  ['an encoder that is null', { encoder: null }, /expected object.*encoder/is],
  ['an encoder that is a list', { encoder: [] }, /expected object.*encoder/is],
  ['a stream twice', { encoder: { streams: ['id', 'id'] } }, /must name each once.*streams/s],
  [
    'a stream of HM4SR twice',
    { encoder: { kind: 'hm4sr', streams: ['id', 'id'] } },
    /must name each once.*streams/s,
  ],
  ['an encoder that is a word', { encoder: 'hm4sr' }, /expected object.*encoder/is],
  ['several negatives in DPO', strategies({ count: 2 }), /several negatives need .*softmax-dpo/],
  [
    'two strategies of one name',
    { align: { strategies: [{ name: 'a' }, { name: 'a' }] } },
    /two strategies 'a'/,
  ],
  [
    'a strategy named as the baseline is',
    strategies({ name: 'pretrained' }),
    /'pretrained', as the base/,
  ],
  [
    'a control without any loss',
    strategies({ loss: 'none', crossEntropyWeight: 0 }),
    /'x' has nothing to learn from: .* Raise the weight/,
  ],
  [
    'a control whose section leaves it without any loss',
    { align: { crossEntropyWeight: 0, strategies: [{ name: 'x', loss: 'none' }] } },
    /'x' has nothing to learn from/,
  ],
  ['a run folder of no name', { output: '' }, /Expected a path, got an empty text.*output/s],
  ['data of no name', { data: { source: 'sequences', path: '' } }, /a path, got.*data\.path/s],
  ['a catalogue of no name', { catalogue: { path: '', id: 'id' } }, /a path, got.*catalogue/s],
  ['a k-core of 0', { kCore: { minUserInteractions: 0 } }, /kCore\.minUserInteractions/],
  [
    'more than tensors can number',
    { batch: { rowCount: 1e9 } },
    /at most 2147483647, got 64000000000/,
  ],
  ['thousands of threads', { engine: { threads: 5000 } }, /engine\.threads/],
  [
    'more experts used than there are',
    { encoder: { experts: { activeCount: 9 } } },
    /activeCount must be/,
  ],
  [
    'more negatives than the pool has',
    strategies({ loss: 'softmax-dpo', count: 3, negatives: { from: 'pool', size: 2 } }),
    /at most negatives\.size/,
  ],
])('refuses %s, and says what is wrong', (_, value, message) => {
  expect(() => parseConfig(value, 'x.json')).toThrow(ConfigError);
  expect(() => parseConfig(value, 'x.json')).toThrow(message);
});

test('a file that is missing or no JSON is named', async () => {
  await expect(loadConfig('nowhere.json')).rejects.toThrow(/nowhere\.json as JSON: .*ENOENT/);
});

test('a byte order mark is taken off; what is set twice is refused', async () => {
  const file = join(tmpdir(), `rodpo-config-mark-${process.pid}.json`);
  await writeFile(file, '\ufeff{"seed": 3}');
  expect((await loadConfig(file)).seed).toBe(3);

  await writeFile(file, '{"seed": 3, "seed": 4}');
  await expect(loadConfig(file)).rejects.toThrow(/sets "seed" twice/);
});
