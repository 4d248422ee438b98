import { seededRandom } from '@rodpo/random';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { pretrain } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

const itemCount = 150;

/** Users who walk along a ring: next comes one of the three items that follow. */
function walks() {
  const random = seededRandom(5);
  const sequences = Array.from({ length: 300 }, () => {
    let item = Math.floor(random() * itemCount);
    return Int32Array.from({ length: 9 }, () => {
      item = (item + 1 + Math.floor(random() * 3)) % itemCount;
      return item;
    });
  });
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
  return { userIds: ids(sequences.length), itemIds: ids(itemCount), sequences };
}

/** Validation NDCG@10 after three epochs. */
async function learned(offset: 'prior' | 'none'): Promise<number> {
  const workspace = smallWorkspace({
    engine: compiledEngine({ threads: 1 }),
    dataset: walks(),
  });
  const loss = { kind: 'gbce', negatives: 100, offset } as const;
  const limits = { maxEpochs: 3, patience: 3 };
  const { log } = await pretrain(workspace, { loss, learningRate: 3e-3, dropout: 0.2, ...limits });
  await workspace.dispose();
  return Number(log[2]!['validation ndcg@10']);
}

test('many drawn negatives teach from the first epochs on, for all that they outnumber', async () => {
  // Who knows the three items that may come next has (1 + 1 / log2 3 + 1 / 2) / 3 = 0.71 on average;
  // by chance it is 4.54 / 150 = 0.03. The softmax is at 0.45 by then.
  expect(await learned('prior')).toBeGreaterThan(0.3);
  // As published, all scores fall first, and vectors become alike with them.
  expect(await learned('none')).toBeLessThan(0.1);
});
