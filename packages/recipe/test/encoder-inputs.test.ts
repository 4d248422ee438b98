import { transformerEncoder } from '@rodpo/encoder';
import { seededRandom } from '@rodpo/random';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type Latest, memoryCheckpoints } from '../src/training/checkpoints.ts';
import { initialWeights, pretrain } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { maxLength, smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

const [dimension, expertCount, biasRate] = [4, 4, 0.01];
const router = 'block0.feedForward.router.bias';

/** Items known by vectors alone; each token goes to two of four experts. */
function open(present?: Uint8Array) {
  const random = seededRandom(3);
  const vectors = Float32Array.from({ length: 40 * dimension }, () => random() - 0.5);
  const engine = compiledEngine({ threads: 1 });
  const text = { dimension, vectors, ...(present ? { present } : {}) };
  const encoder = ({ itemCount }: { itemCount: number }) =>
    transformerEncoder({
      itemCount,
      maxLength,
      dimension: 16,
      blockCount: 1,
      headCount: 2,
      norm: 'post',
      streams: { id: false, vectors: { text: dimension } },
      experts: { expertCount, activeCount: 2, width: 8, biasRate },
    });
  return smallWorkspace({ engine, encoder, vectors: { text } });
}

test('a parameter that no gradient moves takes the value that the encoder gives it', async () => {
  const workspace = open();
  let latest: Latest | undefined;
  const checkpoints = memoryCheckpoints();
  const { weights, log } = await pretrain(workspace, {
    maxEpochs: 1,
    learningRate: 0.01,
    checkpoints: {
      ...checkpoints,
      saveLatest: async (now) => {
        latest = now;
        await checkpoints.saveLatest(now);
      },
    },
  });
  await workspace.dispose();
  // A step moves each bias by the rate, up or down: no step of Adam is of that size throughout.
  const moves = Array.from(weights[router]!.data, (value) => value / biasRate);

  expect(moves.some((move) => Math.abs(move) > 0.5)).toBe(true);
  for (const move of moves) expect(Math.abs(move - Math.round(move))).toBeLessThan(1e-3);
  const kept = Object.keys(latest!.state);
  expect(kept.filter((name) => name.includes(router))).toEqual([`weights.${router}`]);
  expect(kept.filter((name) => name.includes('text')).length).toBeGreaterThan(1);
  // What the encoder says of its routers is logged, next values are not.
  expect(Object.keys(log[0]!).some((name) => name.endsWith('loadEntropy'))).toBe(true);
  expect(Object.keys(log[0]!).filter((name) => name.startsWith('next.'))).toEqual([]);
});

test('an item without a vector has the stand-in for its vector', async () => {
  const [all, some] = [open(), open(Uint8Array.from({ length: 40 }, (_, item) => item % 2))];
  const weights = initialWeights(all);
  const ranksIn = async (workspace: ReturnType<typeof open>) => {
    const { test: ranker } = await workspace.evaluation(weights);
    return ranker.ranks(weights);
  };

  expect(await ranksIn(some)).not.toEqual(await ranksIn(all));
  await Promise.all([all, some].map((workspace) => workspace.dispose()));
});
