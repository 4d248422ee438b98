import { expect, test } from 'vitest';
import { openRun } from '../src/run/run.ts';
import { trainingHooks } from '../src/stages/training-hooks.ts';
import { recordingReporter } from './recorded.ts';
import { tinyConfig } from './tiny-run.ts';

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
