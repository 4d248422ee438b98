import { expect, test } from 'vitest';
import { collectRun } from '../../src/compare/collect-run.ts';
import { saveRanks } from '../../src/stages/evaluate-model.ts';
import { tinyRun } from '../tiny-run.ts';

const ranks = (...all: number[]) => ({
  all: Float32Array.from(all),
  masked: Float32Array.from(all),
});

test('as many users were ranked as the test part has, whatever the validation part has', async () => {
  const run = await tinyRun();
  const parts = { test: ranks(1, 2, 9), validation: ranks(1, 4, 1, 4, 7) };
  await saveRanks(run, 'pretrained', parts, { rankSeconds: 6, peakMemoryBytes: 7 });
  await run.log({ stage: 'pretrain', epoch: 1, loss: 1, seconds: 2, 'validation ndcg@10': 0.5 });

  const { result } = await collectRun(run, 'pretrained', ['hit@5']);
  expect(result).toMatchObject({ rankedUsers: 3, rankSeconds: 6, trainSeconds: 2 });
  expect(result.test['hit@5']).toBeCloseTo(2 / 3, 12);
  expect(result.validation['hit@5']).toBeCloseTo(4 / 5, 12);
});
