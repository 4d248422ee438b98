import { initialWeights } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../src/config/config.ts';
import { openRun } from '../src/run/run.ts';
import { extractFeatures } from '../src/stages/extract.ts';
import { runPipeline } from '../src/stages/pipeline.ts';
import { prepare } from '../src/stages/prepare.ts';
import { pretrain } from '../src/stages/pretrain.ts';
import { workspaceOf } from '../src/stages/workspace.ts';
import { recordingReporter } from './recorded.ts';
import { tinyConfig } from './tiny-run.ts';

const among = (from: string) => ({ candidates: 60, distribution: { from } });
const large = {
  data: { userCount: 80, itemCount: 90 },
  pretrain: { maxEpochs: 2, loss: { kind: 'sampled', candidates: 30 } },
  align: {
    maxEpochs: 1,
    crossEntropy: { kind: 'sampled', candidates: 20, shared: 'row' },
    strategies: [
      { name: 'pool', negatives: { from: 'pool', size: 5, among: among('catalogue') } },
      { name: 'near', negatives: { from: 'pool', size: 5, among: among('index') } },
      { name: 'uniform', negatives: { from: 'catalogue' } },
      { name: 'plain', loss: 'none' },
    ],
  },
};

test.each(['host', 'program'] as const)(
  'a run as large catalogues have it, rows on the %s, says what it does and ends with figures',
  async (itemRows) => {
    const { reporter, said } = recordingReporter();
    const config = await tinyConfig(large);
    const summary = await runPipeline(await openRun({ ...config, itemRows }, reporter));

    expect(Object.keys(summary)).toEqual(['pretrained', 'pool', 'near', 'uniform', 'plain']);
    const ndcg = Object.values(summary).map(({ test: part }) => part['ndcg@10']!);
    expect(ndcg.every((value) => value > 0 && value < 1)).toBe(true);
    expect(new Set(ndcg).size).toBeGreaterThan(1);
    expect(said.some((line) => line.includes('candidates, as is the rule'))).toBe(false); // all was set
  },
);

test('vectors are held in memory only where a step carries all of them, and say the same', async () => {
  const found = [];
  for (const itemRows of ['program', 'host'] as const) {
    const config = await tinyConfig({
      data: large.data,
      encoder: { streams: ['id', 'text'] },
      features: { text: { encoder: 'tfidf', dimension: 8 } },
      pretrain: { ...large.pretrain, loss: { kind: 'sampled', candidates: 1000 } },
    });
    const run = await openRun({ ...config, itemRows }, recordingReporter().reporter);
    const dataset = await prepare(run);
    await extractFeatures(run);
    const workspace = await workspaceOf(run, dataset);
    const weights = initialWeights(workspace);
    const items = await (await workspace.itemTable(weights)).vectors(weights);
    found.push({ items, isHeld: 'array' in workspace.features['features.text.vectors']! });
    await pretrain(run, workspace);
    await workspace.dispose();
  }

  expect(found.map(({ isHeld }) => isHeld)).toEqual([true, false]);
  expect(found[1]!.items).toEqual(found[0]!.items);
});

test('what the size decides is said', async () => {
  const { reporter, said } = recordingReporter();
  const strategies = [{ name: 'plain', loss: 'none' }];
  const short = {
    data: large.data,
    pretrain: { maxEpochs: 1 },
    align: { maxEpochs: 1, strategies },
  };
  const config = await tinyConfig(short);
  await runPipeline(await openRun({ ...config, itemRows: 'host' }, reporter));

  expect(said).toContainEqual(
    expect.stringMatching(
      /^\d+ items: a step is given the rows it touches.* 4,096 candidates, as is the rule above 50,000 items\.$/,
    ),
  );
});

test('an index is for pools alone', () => {
  const distribution = { from: 'index', every: { steps: 500 } };
  const align = {
    strategies: [{ name: 'near', negatives: { from: 'pool', size: 5, among: { distribution } } }],
  };
  const { strategies } = parseConfig({ align }, 'the test').align;
  const loss = { kind: 'sampled', distribution };

  expect(strategies[0]!.negatives).toMatchObject({
    among: {
      candidates: 4096,
      distribution: { from: 'index', every: { steps: 500 }, askedTokens: 128, expansion: 64 },
    },
  });
  expect(() => parseConfig({ pretrain: { loss } }, 'the test')).toThrow(
    /at pretrain.loss.distribution/,
  );
});

test('shares of mixed candidates that do not sum to 1 are refused, by name', () => {
  const parts = [
    { from: 'batch', share: 0.5 },
    { from: 'catalogue', share: 0.4 },
  ];
  const loss = { kind: 'sampled', distribution: { from: 'mixed', parts } };
  const parse = () => parseConfig({ pretrain: { loss } }, 'the test');

  expect(parse).toThrow(ConfigError);
  expect(parse).toThrow(/must have shares that sum to 1\s+→ at pretrain.loss.distribution.parts/);
});
