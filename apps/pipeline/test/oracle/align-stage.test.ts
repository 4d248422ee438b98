import type { Weights } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import { isQuick, tierOf } from '../tier.ts';
import type { WatchedStep } from '../watched-engine.ts';
import {
  type AlignStep,
  alignFigures,
  type Drawn,
  drawn,
  type Running,
  runningAfter,
} from './align.ts';
import { type Aligned, aligned, batchesOf, oracleStep, type Settings } from './aligned.ts';
import { tokensOf } from './batch.ts';
import { plain } from './case.ts';
import { expectUpdate, weightsIn } from './expect-update.ts';
import { logQ } from './log-q.ts';

const pool = (size: number, more = {}) => ({ from: 'pool', size, ...more });
const strategies: readonly Settings[] = [
  { name: 'uniform', negatives: { from: 'catalogue' } },
  { name: 'uniform-chosen', negatives: { from: 'catalogue' }, exclude: 'chosen' },
  { name: 'popularity', negatives: { from: 'popularity', exponent: 0.75 } },
  { name: 'popularity-chosen', negatives: { from: 'popularity', exponent: 1 }, exclude: 'chosen' },
  { name: 'batch', negatives: { from: 'batch' } },
  { name: 'batch-chosen', negatives: { from: 'batch' }, exclude: 'chosen' },
  { name: 'hard', negatives: pool(1) },
  { name: 'hard-chosen', negatives: pool(1), exclude: 'chosen' },
  { name: 'stochastic', negatives: pool(6) },
  { name: 'frozen', negatives: pool(6, { scoredBy: 'reference' }) },
  { name: 'last', negatives: pool(6), positions: 'last' },
  { name: 'history', negatives: { from: 'history' } },
  { name: 'last-two', negatives: pool(6), positions: { last: 2 } },
  {
    name: 'several-history',
    loss: 'softmax-dpo',
    count: 3,
    negatives: { from: 'history' },
    positions: { last: 3 },
  },
  { name: 'batch-last', negatives: { from: 'batch' }, positions: 'last' },
  { name: 'preference-alone', negatives: pool(6), crossEntropyWeight: 0 },
  { name: 'dropped', negatives: pool(6), dropout: 0.3 },
  { name: 'dropped-uniform', negatives: { from: 'catalogue' }, dropout: 0.3 },
  { name: 'no-dropout', negatives: pool(6), dropout: 0.3, margin: 'no-dropout' },
  {
    name: 'no-dropout-alone',
    negatives: { from: 'catalogue' },
    dropout: 0.3,
    margin: 'no-dropout',
    crossEntropyWeight: 0,
  },
  { name: 'same-dropout', negatives: pool(6), dropout: 0.3, margin: 'same-dropout' },
  {
    name: 'same-dropout-frozen',
    negatives: pool(6, { scoredBy: 'reference' }),
    dropout: 0.3,
    margin: 'same-dropout',
  },
  { name: 'centred', negatives: pool(6), dropout: 0.3, margin: 'centred' },
  { name: 'centred-last', negatives: { from: 'batch' }, margin: 'centred', positions: 'last' },
  {
    name: 'centred-several',
    loss: 'softmax-dpo',
    count: 3,
    negatives: pool(6),
    dropout: 0.3,
    margin: 'centred',
  },
  { name: 'several', loss: 'softmax-dpo', count: 3, negatives: pool(6) },
  { name: 'several-uniform', loss: 'softmax-dpo', count: 2, negatives: { from: 'catalogue' } },
  { name: 'several-batch', loss: 'softmax-dpo', count: 2, negatives: { from: 'batch' } },
  { name: 'several-last', loss: 'softmax-dpo', count: 2, negatives: pool(6), positions: 'last' },
  { name: 'one-of-several', loss: 'softmax-dpo', negatives: pool(6) },
  { name: 'control', loss: 'none', negatives: { from: 'catalogue' } },
];

/** Each loss, each source of negatives, each exclusion, and each other setting away from its default. */
const fewest =
  /^(dropped|frozen|popularity-chosen|batch-last|several-batch|preference-alone|control|history|last-two|no-dropout|same-dropout|centred-several)$/;

function expectDrawn({ outputs }: WatchedStep, step: AlignStep, expected: Drawn): void {
  const { count } = step.strategy;
  for (const { cell } of tokensOf(step.batch)) {
    const items = expected.get(cell) ?? Array.from({ length: count }, () => -1);
    expect([...outputs.negatives!.slice(cell * count, (cell + 1) * count)]).toEqual(items);
  }
}

async function expectSteps(result: Aligned): Promise<void> {
  const { strategy, steps } = result;
  const batches = [1, 2].flatMap((epoch) => batchesOf(result, epoch));
  expect(batches.length).toBeGreaterThan(3);
  expect(steps.map(({ options }) => options)).toEqual(
    batches.map(({ seed, step }) => ({ seed, step })),
  );
  let running: Running = { total: 0, weight: 0 };
  for (const [index, watched] of steps.entries()) {
    const read = await oracleStep(result, batches[index]!);
    const weights = plain(weightsIn(watched.before) as Weights);
    const negatives = strategy.loss === 'none' ? undefined : drawn(weights, read);
    if (negatives) running = runningAfter(running, weights, read, negatives);
    const isCentred = strategy.margin === 'centred';
    const step = isCentred ? { ...read, centre: running.total / running.weight } : read;
    if (negatives) expectDrawn(watched, step, negatives);
    else expect(watched.outputs.negatives).toBeUndefined();

    const { negatives: _, ...figures } = watched.outputs;
    const expected = {
      ...alignFigures(weights, step, negatives),
      ...(negatives ? { 'logq/rejected': logQ(weights, step, negatives) } : {}),
    };
    expect(Object.keys(figures).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected)) {
      // Float32: a relative error around 1e-6 in scores of about 1.
      expect(Math.abs(figures[name]![0]! - value), name).toBeLessThan(2e-5);
    }
    expectUpdate(watched, {
      loss: (own) => alignFigures(own, step, negatives).loss,
      weights,
      learningRate: strategy.learningRate,
      perParameter: isQuick ? 1 : 3,
    });
  }
}

test.each(tierOf(strategies, ({ name }) => fewest.test(`${name}`)))(
  'onnxruntime, $name: every step of alignment is the oracle’s',
  async (own) => {
    await expectSteps(await aligned('onnxruntime', own));
  },
);

test
  .skipIf(isQuick)
  .each(
    strategies.filter(({ name }) =>
      /^(stochastic|several|batch-last|dropped|no-dropout|same-dropout|centred)$/.test(`${name}`),
    ),
  )('tfjs, $name: every step of alignment is the oracle’s', async (own) => {
  await expectSteps(await aligned('tfjs', own));
});

test.skipIf(isQuick)('a pre-norm encoder: every step of alignment is the oracle’s', async () => {
  await expectSteps(
    await aligned('onnxruntime', strategies.find(({ name }) => name === 'stochastic')!, {
      encoder: { norm: 'pre' },
    }),
  );
});

test('a token whose batch chose nothing else has no negative, and its preference no weight', async () => {
  const result = await aligned('onnxruntime', { name: 'batch', negatives: { from: 'batch' } });
  const steps = await Promise.all(batchesOf(result, 1).map((batch) => oracleStep(result, batch)));
  const weights = plain(result.pretrained);
  const lacking = steps.map((step) => [...drawn(weights, step).values()].filter((items) => !items));

  expect(Math.max(...lacking.map(({ length }) => length))).toBeGreaterThan(0);
});
