import { expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { silent } from '../tiny-run.ts';
import { tinyComparison } from './tiny-comparison.ts';

test('a report names what its figures were made with, whoever writes it', async () => {
  const { settings } = await tinyComparison({ tuning: null, seeds: [1] });
  const [strategy, more] = settings.strategies;
  const enginesOf = async (kind: string, strategies: readonly unknown[]) => {
    const base = { ...settings.base, engine: { kind } };
    const changes = { output: settings.output, tuning: null, seeds: [1], base, strategies };
    const { versions } = await compare(await tinyComparison(changes), silent, { command: 'it' });
    return versions.engine;
  };

  expect(await enginesOf('onnxruntime', [strategy])).toBe('onnxruntime');
  expect(await enginesOf('tfjs', [strategy])).toBe('onnxruntime');
  expect(await enginesOf('tfjs', [strategy, more])).toMatch(/^onnxruntime and tfjs \(/);
}, 120_000);
