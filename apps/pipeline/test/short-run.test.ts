import { openStore } from '@rodpo/features';
import { expect, test } from 'vitest';
import { ConfigError } from '../src/config/config.ts';
import { openRun } from '../src/run/run.ts';
import { align } from '../src/stages/align.ts';
import { runPipeline } from '../src/stages/pipeline.ts';
import { preparedDataset, trainedModels } from '../src/stages/results.ts';
import { trainingHooks } from '../src/stages/training-hooks.ts';
import { vectorWidths, workspaceOf } from '../src/stages/workspace.ts';
import { recordingReporter } from './recorded.ts';
import { tinyConfig, tinyRun } from './tiny-run.ts';

const short = {
  data: { userCount: 80, itemCount: 50 },
  encoder: { streams: ['id', 'text'] },
  features: { text: { encoder: 'tfidf', dimension: 8 } },
  pretrain: { maxEpochs: 1 },
  align: { maxEpochs: 1, strategies: [{ name: 'uniform' }, { name: 'plain', loss: 'none' }] },
};

test('a run goes from data to figures, and tells of each stage', async () => {
  const { reporter, said, bars } = recordingReporter();
  const run = await openRun(await tinyConfig(short), reporter);
  const summary = await runPipeline(run);

  expect(Object.keys(summary)).toEqual(['pretrained', 'uniform', 'plain']);
  const epochs = ['pretrain', 'align-uniform', 'align-plain'].map((stage) => `${stage} epoch 1`);
  expect(bars.map(({ title }) => title)).toEqual(['text vectors', ...epochs]);
  // Bars move by what was done, and end where all is done.
  for (const { total, moves } of bars) {
    expect(moves.reduce((sum, [units]) => sum + Number(units), 0)).toBe(total);
  }
  const figures = '  loss';
  const lines = said.filter((line) => !line.startsWith('WARNING'));
  expect(lines.map((line) => (line.startsWith(figures) ? figures : line))).toEqual([
    expect.stringMatching(/^prepared \d+ users, \d+ items, \d+ interactions \(simulator\)$/),
    'text: 1 shards made, 0 kept',
    'text: 50 vectors of 8 by hashed-tfidf-svd',
    expect.stringMatching(/^(\d+) of \1 items of the data have a vector of "text"$/),
    expect.stringMatching(/^\d+ items: a step carries all of them/),
    ...epochs.flatMap((title) => [
      expect.stringMatching(new RegExp(`^${title}: [\\d.]+ s, \\d+ examples/s$`)),
      figures,
    ]),
  ]);
  expect(await vectorWidths(run)).toEqual({ text: 8 });
  await expect(openStore(run.file('features', 'image'))).rejects.toThrow('no complete store');

  const models = await trainedModels(run, ['pretrained', 'uniform']);
  const workspace = await workspaceOf(run, await preparedDataset(run));
  const { test: part } = await workspace.evaluation(models.pretrained!);
  expect(summary.uniform!.test).toMatchObject(await part.metrics(models.uniform!));
  expect(models.uniform).not.toEqual(models.pretrained);
  await workspace.dispose();
});

test('of an encoder that reads intervals, the workspace has the times', async () => {
  const dataset = { userIds: ['a'], itemIds: ['x'], sequences: [Int32Array.of(0, 0, 0, 0)] };
  const timed = { ...dataset, times: [Float64Array.of(1, 2, 4, 8)] };
  const workspace = await workspaceOf(
    await tinyRun({ encoder: { positions: 'intervals' } }),
    timed,
  );
  expect(workspace.set.times).toBeDefined();
  await workspace.dispose();

  const plain = await workspaceOf(await tinyRun(), timed);
  expect(plain.set.times).toBeUndefined();
  await plain.dispose();
});

test('an encoder cannot read what is not extracted', async () => {
  const run = await tinyRun({ encoder: { streams: ['id', 'text'] } });
  const dataset = { userIds: ['a'], itemIds: ['x'], sequences: [Int32Array.of(0, 0, 0)] };

  await expect(workspaceOf(run, dataset)).rejects.toThrow(ConfigError);
  await expect(vectorWidths(run)).rejects.toThrow(
    "streams names 'text', but features.text is null",
  );
});

test('a reference larger than memory is refused before any work, where there is one', async () => {
  const run = await tinyRun();
  const huge = { set: { tokenCount: 1e9 }, encoder: { width: 1e6 } };
  const aligning = (loss: 'dpo' | 'none') =>
    align(run, huge as Parameters<typeof align>[1], {}, { name: 'x', loss } as never);

  // Four bytes for each number of a vector.
  await expect(aligning('dpo')).rejects.toThrow(/at least 4\.00e\+6 GB of memory.*1000000000 tr/);
  await expect(aligning('none')).rejects.not.toThrow(/of memory/);
});

async function hooked() {
  const { reporter, said, bars } = recordingReporter();
  const run = await openRun(await tinyConfig(), reporter);
  return { run, said, bars, hooks: trainingHooks(run, 'pretrain') };
}
const pace = { seconds: 2.04, examplesPerSecond: 123.6 };

test('each epoch has a bar of its own, which its steps move', async () => {
  const { hooks, bars } = await hooked();
  const step = (epoch: number, tokens: number, loss: number) =>
    hooks.onStep!({ stage: 'pretrain', epoch, tokens, epochTokens: 30, loss });
  step(1, 20, 4.56789);
  step(1, 10, 4.5);
  await hooks.onEpoch!({ stage: 'pretrain', epoch: 1, ...pace }, true);
  step(2, 20, 3);

  expect(bars).toEqual([
    {
      title: 'pretrain epoch 1',
      total: 30,
      unit: 'examples',
      moves: [
        [20, 'loss 4.5679'],
        [10, 'loss 4.5000'],
      ],
    },
    { title: 'pretrain epoch 2', total: 30, unit: 'examples', moves: [[20, 'loss 3.0000']] },
  ]);
});

test('an epoch is logged, and shown with its pace and those of its figures that are known', async () => {
  const { hooks, run, said } = await hooked();
  const figures = { loss: 1.23456, preference: 0.5, falseNegativeRate: Number.NaN, other: 7 };
  const entry = { stage: 'pretrain', epoch: 3, ...pace, ...figures };
  hooks.onStep!({ stage: 'pretrain', epoch: 3, tokens: 1, epochTokens: 1, loss: 1 });
  await hooks.onEpoch!(entry, true);
  // Of an epoch that goes on after its last step, no bar was shown.
  await hooks.onEpoch!({ ...entry, epoch: 4, loss: 1 }, false);

  expect(said).toEqual([
    'pretrain epoch 3: 2.0 s, 124 examples/s',
    '  loss 1.2346 · preference 0.5000 (best so far)',
    '  loss 1.0000 · preference 0.5000',
  ]);
  expect(await run.logged('pretrain')).toMatchObject([
    { epoch: 3, loss: 1.23456, other: 7 },
    { epoch: 4, loss: 1 },
  ]);
});

test('of what goes on, only a training that is finished is spoken of', async () => {
  const { hooks, said } = await hooked();
  const progress = { epoch: 5, best: { epoch: 2 } } as Parameters<
    NonNullable<typeof hooks.onResume>
  >[0];
  hooks.onResume!(progress, false);
  expect(said).toEqual([]);

  hooks.onResume!(progress, true);
  expect(said).toEqual(['pretrain: kept from an earlier run (best epoch 2 of 5)']);
});
