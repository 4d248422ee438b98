import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import {
  type LearnedPositions,
  type TrainingBatch,
  trainingBatches,
} from '../src/batches/training-set.ts';
import { sourceOutside } from '../src/rows/source-outside.ts';
import type { AlignSettings, HostNegatives } from '../src/steps/align-settings.ts';
import { alignProgram } from '../src/training/align.ts';
import { alignInputs } from '../src/training/align-inputs.ts';
import { alignDefaults } from '../src/training/defaults.ts';
import { drawBetweenSteps } from '../src/training/draw-between-steps.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { eagerEngine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

const place = { seed: 3, step: 0, totalStep: 0 } as never;
const workspace = smallWorkspace({ engine: eagerEngine() });

/** Two batches of an epoch. */
const batchesOf = (positions: LearnedPositions) =>
  [...trainingBatches(workspace.set, workspace.layout, 1, { positions })].slice(0, 2);

/** Tokens that are learned from, with what each may draw: the items of the others, as often as they stand there. */
function learnedTokens(batch: TrainingBatch, exclude: AlignSettings['exclude']) {
  const { weights, targets } = batch.inputs;
  const tokens = [...weights!.keys()].filter((token) => weights![token] === 1);
  const sequences = new Map(
    batch.learned.flatMap(({ sequence, row, offset, length }) =>
      Array.from({ length }, (_, at) => [row * 16 + offset + at, sequence] as const),
    ),
  );
  const chosen = tokens.map((token) => targets![token]!);
  return tokens.map((token) => {
    const history = exclude === 'history' ? workspace.set.items(sequences.get(token)!) : [];
    const barred = new Set([targets![token]!, ...history]);
    return { token, items: chosen.filter((item) => !barred.has(item)) };
  });
}

const logShare = (item: number, items: readonly number[]) =>
  Math.log(items.filter((other) => other === item).length / items.length);

const ways: [LearnedPositions, AlignSettings['exclude']][] = [
  ['all', 'history'],
  ['last', 'chosen'],
  [{ last: 2 }, 'history'],
];

test.each(ways)('of positions %j, without the %s: in the program', async (positions, exclude) => {
  const settings: AlignSettings = { ...alignDefaults, negatives: { from: 'batch' }, exclude };
  const weights = initialWeights(workspace);
  const reference = await workspace.reference(weights);
  const program = await alignProgram(workspace, weights, settings, reference);
  for (const batch of batchesOf(positions)) {
    const inputs = alignInputs(settings, workspace, reference)(batch, place);
    const outputs = await program.run({ ...batch.inputs, ...inputs }, { seed: 3 });
    const logs = learnedTokens(batch, exclude).map(({ token, items }) => {
      expect(items).toContain(outputs.negatives![token]);
      return logShare(outputs.negatives![token]!, items);
    });
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    expect(outputs['logq/rejected']![0]).toBeCloseTo(mean, 4);
  }
  await program.dispose();
});

test.each(ways)('of positions %j, without the %s: between steps', async (positions, exclude) => {
  const source = sourceOutside({ from: 'batch' }, workspace.set) as HostNegatives;
  const settings = { count: 1, exclude };
  const drawing = await drawBetweenSteps(workspace, source, settings, initialWeights(workspace));
  for (const batch of batchesOf(positions)) {
    const { negatives, logProbabilities } = await drawing.inputs(batch, undefined as never, place);
    for (const { token, items } of learnedTokens(batch, exclude)) {
      expect(items).toContain(negatives![token]);
      expect(logProbabilities![token]).toBeCloseTo(logShare(negatives![token]!, items), 5);
    }
  }
});
