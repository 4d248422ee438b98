import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { align } from '../src/training/align.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

test.each(['program', 'host'] as const)(
  'what the user chose before is rejected, with item rows in the %s',
  async (itemRows) => {
    const workspace = smallWorkspace({ engine: compiledEngine({ threads: 1 }), itemRows });
    const { log } = await align(workspace, initialWeights(workspace), {
      negatives: { from: 'history' },
      crossEntropy: { kind: 'sampled', candidates: 20 },
      positions: { last: 2 },
      maxEpochs: 1,
    });
    await workspace.dispose();

    expect(log[0]!.historyRate).toBe(1);
    expect(Number(log[0]!['logq/rejected'])).toBeLessThan(-0.5);
  },
);

test('no position at all is refused', async () => {
  const workspace = smallWorkspace();
  await expect(
    align(workspace, initialWeights(workspace), { positions: { last: 0 } }),
  ).rejects.toThrow(/positions\.last must be a positive integer, got 0/);
});
