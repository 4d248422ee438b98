import { join } from 'node:path';
import { readSafetensors } from '@rodpo/files';
import { expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { silent } from '../tiny-run.ts';
import { tinyComparison } from './tiny-comparison.ts';

test('strategies are tested against the first control of their encoder, and controls are not', async () => {
  const config = await tinyComparison({
    seeds: [1],
    strategies: [
      { name: 'uniform', negatives: { from: 'catalogue' } },
      { name: 'control', loss: 'pretrain' },
      { name: 'other-control', loss: 'none' },
    ],
  });
  const { cells, control } = await compare(config, silent, { command: 'the test' });
  const folder = join(config.settings.output, 'dense', 'seed-1', 'results');
  const gains = async (model: string) => {
    const { tensors } = await readSafetensors(join(folder, `${model}.safetensors`));
    return [...tensors.test!.data].map((rank) => (rank <= 5 ? 1 / Math.log2(rank + 1) : 0));
  };
  const [own, controls] = [await gains('uniform'), await gains('control')];
  const difference = own.reduce((sum, gain, user) => sum + gain - controls[user]!, 0) / own.length;

  expect(control).toBe('control');
  expect(cells.map(({ model, againstControl }) => [model, againstControl !== undefined])).toEqual([
    ['pretrained', false],
    ['uniform', true],
    ['control', false],
    ['other-control', false],
  ]);
  const found = cells[1]!.againstControl!['ndcg@5']!;
  expect(found.difference).toBeCloseTo(difference, 12);
  // One test is a family of its own.
  expect(found.adjustedPValue).toBe(found.pValue);
  expect(cells[1]!.againstBaseline!['ndcg@5']!.adjustedPValue).toBeGreaterThanOrEqual(
    cells[1]!.againstBaseline!['ndcg@5']!.pValue,
  );
}, 60_000);
