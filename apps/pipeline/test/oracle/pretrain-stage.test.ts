import { initialWeights, type Weights } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { align } from '../../src/stages/align.ts';
import { pretrain } from '../../src/stages/pretrain.ts';
import { isQuick, tierOf } from '../tier.ts';
import { plain, sharpWeights, smallRun } from './case.ts';
import { epochBatches } from './epoch-batches.ts';
import { expectUpdate, weightsIn } from './expect-update.ts';
import { noiseOf } from './noise.ts';
import { type PretrainStep, pretrainLoss } from './pretrain.ts';

const learningRate = 0.03;
const softmax = { kind: 'softmax' };
const gbce = { kind: 'gbce', negatives: 3, calibration: 0.4 };

async function expectSteps(
  kind: Config['engine']['kind'],
  own: object,
  encoder: object = {},
  isControl = false,
): Promise<void> {
  const pretraining = { learningRate, dropout: 0, maxEpochs: 2, patience: 2, ...own };
  const limits = { learningRate, dropout: pretraining.dropout, maxEpochs: 2, patience: 2 };
  const { run, engine, workspace, sizes } = await smallRun(kind, {
    pretrain: pretraining,
    encoder,
    ...(isControl
      ? { align: { ...limits, strategies: [{ name: 'control', loss: 'pretrain' }] } }
      : {}),
  });
  const stage = isControl ? 'align-control' : 'pretrain';
  const start = isControl ? sharpWeights(workspace, 5) : initialWeights(workspace);
  if (isControl) {
    const [control] = run.config.align.strategies;
    await align(run, workspace, start, control!);
  } else {
    await pretrain(run, workspace);
  }
  const { loss, dropout } = run.config.pretrain;
  const batches = [1, 2].flatMap((epoch) =>
    epochBatches(workspace, { stage, epoch, positions: 'all' }),
  );
  expect(engine.steps.map(({ options }) => options)).toEqual(
    batches.map(({ seed, step }) => ({ seed, step })),
  );
  expect(weightsIn(engine.steps[0]!.before)).toEqual(start);
  for (const [index, watched] of engine.steps.entries()) {
    const { batch, ...options } = batches[index]!;
    const count = loss.kind === 'gbce' ? loss.negatives : 0;
    const noise = await noiseOf(run.config, { dropout, count }, options);
    const step = { sizes, batch, loss, ...noise } as PretrainStep;
    const weights = plain(weightsIn(watched.before) as Weights);

    expect(Object.keys(watched.outputs)).toEqual(['loss']);
    expect(Math.abs(watched.outputs.loss![0]! - pretrainLoss(weights, step))).toBeLessThan(2e-5);
    expectUpdate(watched, {
      loss: (changed) => pretrainLoss(changed, step),
      weights,
      learningRate,
      perParameter: isQuick ? 1 : 3,
    });
  }
}

const cases: readonly (readonly [string, Config['engine']['kind'], object])[] = [
  ['softmax', 'onnxruntime', { loss: softmax }],
  ['softmax', 'tfjs', { loss: softmax }],
  ['softmax with dropout', 'onnxruntime', { loss: softmax, dropout: 0.3 }],
  ['gbce', 'onnxruntime', { loss: gbce }],
  ['gbce', 'tfjs', { loss: gbce }],
  ['gbce with dropout', 'onnxruntime', { loss: gbce, dropout: 0.3 }],
  ['gbce as published', 'onnxruntime', { loss: { ...gbce, offset: 'none' } }],
  ['binary cross-entropy', 'onnxruntime', { loss: { ...gbce, negatives: 1, calibration: 0 } }],
];

test.each(tierOf(cases, ([name, kind]) => kind === 'onnxruntime' && /^(softmax|gbce)$/.test(name)))(
  '%s, %s: every step of pretraining is the oracle’s',
  async (_, kind, own) => {
    await expectSteps(kind, own);
  },
);

test('a control goes on with the loss of pretraining: every step is the oracle’s', async () => {
  await expectSteps('onnxruntime', { loss: gbce, dropout: 0.3 }, {}, true);
});

test.skipIf(isQuick)('a pre-norm encoder: every step of pretraining is the oracle’s', async () => {
  await expectSteps('onnxruntime', { loss: softmax }, { norm: 'pre' });
});
