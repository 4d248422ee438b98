import { expect, test } from 'vitest';
import { align } from '../src/stages/align.ts';
import { pretrain } from '../src/stages/pretrain.ts';
import { sharpWeights, smallRun } from './oracle/case.ts';

const epochs = 50;

// All users lie in one batch, so that an epoch is a step, and a step the same in every class.
const classes = {
  'long rows': { batch: { rowLength: 32, rowCount: 4, blockSize: 128 } },
  'short rows': { batch: { rowLength: 8, rowCount: 16, blockSize: 128 } },
  'rows of one user': { batch: { rowLength: 5, rowCount: 16, blockSize: 80 } },
  'small blocks': { batch: { rowLength: 32, rowCount: 4, blockSize: 4 } },
};
type Class = keyof typeof classes;
const [first, ...others] = Object.keys(classes) as [Class, ...Class[]];

type Kind = 'onnxruntime' | 'tfjs';

/** Losses of 50 steps of pretraining, then of alignment on what does not depend on noise. */
async function trajectory(name: Class, kind: Kind = 'onnxruntime'): Promise<number[]> {
  const strategy = { name: 'hard', negatives: { from: 'pool', size: 1 } };
  const limits = { maxEpochs: epochs, patience: epochs, dropout: 0, learningRate: 1e-3 };
  const { run, engine, workspace } = await smallRun(kind, {
    ...classes[name],
    pretrain: limits,
    align: { ...limits, strategies: [strategy] },
  });
  await pretrain(run, workspace);
  await align(run, workspace, sharpWeights(workspace, 5), run.config.align.strategies[0]!);
  return engine.steps.map(({ outputs }) => outputs.loss![0]!);
}

const expected = trajectory(first);

test.each([...others.map((name) => [name, 'onnxruntime'] as const), [first, 'tfjs'] as const])(
  '%s on %s: the same 100 losses',
  async (name, kind) => {
    const losses = await trajectory(name, kind);
    const differences = (await expected).map((loss, step) => Math.abs(losses[step]! / loss - 1));

    expect(losses).toHaveLength(2 * epochs);
    // Sums in another order: float32 rounding, carried on by Adam.
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  },
);
