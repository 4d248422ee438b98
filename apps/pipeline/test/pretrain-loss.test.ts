import { initialWeights, pretrainInputs, pretrainProgram, trainingBatches } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import { prepare } from '../src/stages/prepare.ts';
import { pretrain } from '../src/stages/pretrain.ts';
import { workspaceOf } from '../src/stages/workspace.ts';
import { isQuick } from './tier.ts';
import { tinyRun } from './tiny-run.ts';

const drawn = (negatives: number, calibration: number, offset: 'prior' | 'none' = 'prior') => ({
  pretrain: { loss: { kind: 'gbce', negatives, calibration, offset } },
});

// All scores are 0 under weights of 0: of chosen items −β log σ(0), of each of J drawn ones
// −log(1 − σ(0)), hence (β + J) log 2 / (J + 1) on average. With a prior the odds of each are β : J:
// chosen items lose β log((β + J) / β), and each of the drawn ones log((β + J) / J).
test.each([
  [1, 0, 'prior'],
  [1, 1, 'prior'],
  [5, 0.75, 'prior'],
  [1, 0, 'none'],
  [5, 0.75, 'none'],
] as const)(
  'weights of zero lose what the odds of zero say: J = %d, calibration %d, offset %s',
  async (count, calibration, offset) => {
    const run = await tinyRun(drawn(count, calibration, offset));
    const workspace = await workspaceOf(run, await prepare(run));
    const { set, layout, encoder } = workspace;
    const { pretrain: settings } = run.config;
    const zeros = encoder.initialize(() => 0);
    const program = await pretrainProgram(workspace, zeros, settings);
    const [batch] = trainingBatches(set, layout);
    const compared = pretrainInputs(settings.loss, workspace)(batch!, { seed: 1, step: 0 });
    const inputs = { ...batch!.inputs, ...compared };
    const { loss } = await program.run(inputs, { seed: 1 });
    await program.dispose();

    // The paper's β with α = J / (items − 1); without calibration it is 1.
    const rate = count / (set.itemCount - 1);
    const beta = rate * (calibration * (1 - 1 / rate) + 1 / rate);
    const share = offset === 'prior' ? beta / (beta + count) : 1 / 2;
    const lost = -beta * Math.log(share) - count * Math.log(1 - share);
    expect(loss![0]!).toBeCloseTo(lost / (count + 1), 6);
  },
);

test('no item of the training part that is read is drawn', async () => {
  const run = await tinyRun(drawn(1, 0));
  const workspace = await workspaceOf(run, await prepare(run));
  const { set, layout } = workspace;
  const width = run.config.encoder.maxLength + 1;
  for (const batch of trainingBatches(set, layout, 1)) {
    const { excluded } = pretrainInputs(run.config.pretrain.loss, workspace)(batch, {
      seed: 1,
      step: 0,
    });
    const { placements, rowLength } = batch.packed;
    expect(placements.length).toBeGreaterThan(0);
    for (const { sequence, row, offset, length } of placements) {
      const items = [...new Set(set.items(sequence))].sort((a, b) => a - b);
      const fillers = Array.from({ length: width - items.length }, () => set.itemCount);
      for (const token of [0, length - 1]) {
        const start = (row * rowLength + offset + token) * width;
        expect([...excluded!.subarray(start, start + width)]).toEqual([...items, ...fillers]);
      }
    }
  }
});

test.skipIf(isQuick)('an encoder learns from a few drawn items what comes next', async () => {
  const run = await tinyRun(drawn(4, 0.75));
  const workspace = await workspaceOf(run, await prepare(run));
  const untrained = initialWeights(workspace);
  const trained = await pretrain(run, workspace);
  const ranker = await workspace.evaluation(untrained);
  const quality = async (weights: typeof untrained) =>
    (await ranker.validation.metrics(weights))['ndcg@10']!;

  // By chance a target among 120 items has an NDCG@10 of .038; the simulator's tastes give more.
  expect(await quality(trained)).toBeGreaterThan(1.3 * (await quality(untrained)));
  await workspace.dispose();
});

test('more negatives than there are other items are refused by their setting', async () => {
  const run = await tinyRun(drawn(100_000, 0.75));
  await expect(pretrain(run, await workspaceOf(run, await prepare(run)))).rejects.toThrow(
    /^pretrain\.loss\.negatives must be below the number of items \(\d+\), got 100000\./,
  );
});
