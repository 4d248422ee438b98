import { cp, rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { type CompareConfig, parseCompareConfig } from '../../src/compare/compare-config.ts';
import { errorText } from '../../src/run/error-text.ts';
import { damagesOf, filesOf } from '../run/damages.ts';
import { silent } from '../tiny-run.ts';
import { comparable, tinyComparison } from './tiny-comparison.ts';

let config: CompareConfig;
let expected: unknown;
let files: readonly string[];

const compared = async (own: CompareConfig) =>
  comparable(await compare(own, silent, { command: 'the test' }));

beforeAll(async () => {
  config = await tinyComparison({
    seeds: [1],
    strategies: [{ name: 'uniform', negatives: { from: 'catalogue' } }],
    tuning: { trials: 2, space: { learningRate: [1e-3, 3e-3] } },
  });
  expected = await compared(config);
  files = await filesOf(config.settings.output);
}, 120_000);

/** A copy of the finished comparison, for one damage. */
async function copyOf(name: string): Promise<CompareConfig> {
  const { base, output: whole, encoders, ...settings } = config.settings;
  const output = `${whole}-${name}`;
  await cp(whole, output, { recursive: true });
  return parseCompareConfig({ base, ...settings, output }, 'the test');
}

/** What the report is made from: no damage of these may pass. */
const figures = [
  /^(\.rodpo|compare)\.json$/,
  /^dense\/(seed-1\/)?\.rodpo\.json$/,
  /^dense\/data\/(ids\.json|interactions\.safetensors)$/,
  /^dense\/seed-1\/results\//,
  /^dense\/seed-1\/checkpoints\/.*\.latest\.safetensors$/,
];

test('damage of any file of a comparison is one line, or changes no figure', async () => {
  expect(files.length).toBeGreaterThan(20);
  const problems: string[] = [];
  for (const [index, { name, file, kind, apply }] of damagesOf(files).entries()) {
    const own = await copyOf(`damage-${index}`);
    await apply(own.settings.output);
    const outcome = await compared(own).catch((error: Error) => error);
    await rm(own.settings.output, { recursive: true });

    const isFigure = figures.some((form) => form.test(file));
    if (outcome instanceof Error) {
      const text = errorText(outcome);
      if (!/^error: [^\n]+\.$/.test(text)) problems.push(`${name}: ${text}`);
    } else if (isFigure && kind !== 'removed') problems.push(`${name}: passed`);
    else if (!isDeepStrictEqual(outcome, expected)) problems.push(`${name}: other figures`);
  }
  expect(problems).toEqual([]);
}, 600_000);
