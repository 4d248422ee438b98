import type { Program } from '@rodpo/compile';
import { expect, test } from 'vitest';
import { memoryCheckpoints } from '../src/training/checkpoints.ts';
import type { EpochEntry } from '../src/training/epoch-log.ts';
import { train } from '../src/training/train.ts';
import { smallWorkspace } from './small-workspace.ts';

const mean = (values: readonly number[]) => {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum / values.length;
};

/** A program whose loss is a batch's weighted mean target. */
const meanTarget: Program = {
  engine: 'none',
  run: async ({ targets, weights }) => {
    const learned = Array.from(targets!).filter((_, token) => weights![token] === 1);
    return { loss: Float32Array.of(mean(learned)) };
  },
  state: async () => ({ 'weights.w': { shape: [1], data: Float32Array.of(1) } }),
  load: () => {},
  assignVariables: async () => {},
  dispose: async () => {},
};

test.each(['all', 'last'] as const)(
  'figures are means over what is learned from: %s',
  async (positions) => {
    const workspace = smallWorkspace();
    const { set } = workspace;
    const entries: EpochEntry[] = [];
    await train(workspace, {
      stage: 'mean',
      program: async () => meanTarget,
      checkpoints: memoryCheckpoints(),
      positions,
      maxEpochs: 1,
      patience: 1,
      measure: ({ loss }) => ({ loss: loss![0]! }),
      ranker: async () => ({ part: 'validation', metrics: async () => ({ 'ndcg@10': 1 }) }),
      onEpoch: (entry) => void entries.push(entry),
    });
    const [entry] = entries;
    const targets = [...set.lengths.keys()].flatMap((user) => {
      const own = [...set.items(user).subarray(1)];
      return positions === 'all' ? own : own.slice(-1);
    });

    expect(Number(entry!.loss)).toBeCloseTo(mean(targets), 4);
    expect(Number(entry!.examplesPerSecond) * Number(entry!.seconds)).toBeCloseTo(
      targets.length,
      6,
    );
  },
);

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'a loss of %s ends training, with what to change',
  async (loss) => {
    const diverged: Program = {
      ...meanTarget,
      run: async () => ({ loss: Float32Array.of(loss) }),
    };
    const training = train(smallWorkspace(), {
      stage: 'mean',
      program: async () => diverged,
      checkpoints: memoryCheckpoints(),
      positions: 'all',
      maxEpochs: 1,
      patience: 1,
      measure: () => ({}),
      ranker: async () => ({ part: 'validation', metrics: async () => ({ 'ndcg@10': 1 }) }),
    });

    await expect(training).rejects.toThrow(RangeError);
    await expect(training).rejects.toThrow(/mean became .* in epoch 1.*learning rate/s);
  },
);
