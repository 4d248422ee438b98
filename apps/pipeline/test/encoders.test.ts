import { readSafetensors } from '@rodpo/files';
import {
  type Engine,
  initialWeights,
  pretrainProgram,
  trainingBatches,
  type Weights,
} from '@rodpo/recipe';
import { expect, test } from 'vitest';
import type { Dataset } from '../src/data/dataset.ts';
import { createEngine } from '../src/engine/engine.ts';
import type { Run } from '../src/run/run.ts';
import { extractFeatures } from '../src/stages/extract.ts';
import { runPipeline } from '../src/stages/pipeline.ts';
import { prepare } from '../src/stages/prepare.ts';
import { workspaceOf } from '../src/stages/workspace.ts';
import { tinyConfig, tinyRun } from './tiny-run.ts';

const features = {
  text: { encoder: 'tfidf', dimension: 16 },
  image: { encoder: 'histograms' },
};
const data = { images: true };
const experts = { expertCount: 4, activeCount: 2, width: 16 };
const strategies = [{ name: 'stochastic', negatives: { from: 'pool', size: 20 } }];
const encoders: [string, object][] = [
  ['id, text and image, early fusion', { streams: ['id', 'text', 'image'] }],
  ['id and text, gated', { streams: ['id', 'text'], fusion: 'gated' }],
  ['text alone', { streams: ['text'] }],
  ['pre-LN, experts', { norm: 'pre', experts: { ...experts, sharedWidth: 8 } }],
  ['HM4SR with its defaults, ids alone', { kind: 'hm4sr' }],
  ['HM4SR', { kind: 'hm4sr', streams: ['id', 'text', 'image'] }],
  [
    'HM4SR without time, two of four experts',
    { kind: 'hm4sr', streams: ['id', 'text'], alignment: { activeCount: 2 }, temporal: null },
  ],
  [
    'two towers of experts with a bias',
    { streams: ['id', 'image'], fusion: 'late', experts: { ...experts, biasRate: 0.01 } },
  ],
];

test.each(encoders)('%s: the pipeline runs, and learns', async (_, encoder) => {
  const run = await tinyRun({ data, features, encoder, align: { maxEpochs: 1, strategies } });
  const summary = await runPipeline(run);
  const losses = (await run.logged('pretrain')).map(({ loss }) => Number(loss));

  expect(Object.keys(summary)).toEqual(['pretrained', 'stochastic']);
  expect(losses[0]).toBeGreaterThan(losses.at(-1)!);
  // HM4SR's contrasts add to the loss of 120 items drawn blindly.
  if (!('kind' in encoder)) expect(losses.at(-1)).toBeLessThan(Math.log(120));
});

/** The data and vectors of every encoder, made once. */
let made: Promise<{ readonly own: Run; readonly dataset: Dataset }> | undefined;
const inputs = () =>
  (made ??= (async () => {
    const own = await tinyRun({ data, features });
    const dataset = await prepare(own);
    await extractFeatures(own);
    return { own, dataset };
  })());

test.each(encoders)('%s: both engines give the same losses', async (_, encoder) => {
  const { own, dataset } = await inputs();
  const run = { ...own, config: await tinyConfig({ data, features, encoder }) };
  const losses = async (engine: Engine, weights: Weights) => {
    const workspace = await workspaceOf({ ...run, engine }, dataset);
    const program = await pretrainProgram(workspace, weights, run.config.pretrain);
    const found: number[] = [];
    for (const { inputs } of trainingBatches(workspace.set, workspace.layout, 1)) {
      const { loss } = await program.run(inputs, { seed: 7, step: found.length });
      found.push(loss![0]!);
    }
    await program.dispose();
    return found;
  };
  const weights = initialWeights(await workspaceOf(run, dataset));
  const native = await losses(run.engine, weights);
  const engine = await createEngine({ ...run.config.engine, kind: 'tfjs' }, () => {});
  const eager = await losses(engine, weights);

  expect(native.length).toBeGreaterThan(3);
  for (const [step, loss] of native.entries()) {
    expect(Math.abs(loss / eager[step]! - 1)).toBeLessThan(1e-4);
  }
});

test('routers log their load, and a bias that no gradient reaches is moved and saved', async () => {
  const encoder = { experts: { ...experts, biasRate: 0.01 } };
  const run = await tinyRun({ encoder, align: { maxEpochs: 1, strategies } });
  await runPipeline(run);
  const [entry] = await run.logged('pretrain');
  const { tensors } = await readSafetensors(run.file('checkpoints', 'pretrain.safetensors'));
  const bias = tensors['block0.feedForward.router.bias']!.data as Float32Array;

  const load = [0, 1, 2, 3].map((expert) => Number(entry![`block0.experts.load.${expert}`]));
  expect(load.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
  expect(Math.min(...load)).toBeGreaterThan(0);
  // Whole steps of 0.01, up or down.
  for (const value of bias) expect(value / 0.01).toBeCloseTo(Math.round(value / 0.01), 3);
  expect(Math.min(...bias)).toBeLessThan(0);
});

test('a stream that the config does not extract is refused', async () => {
  const run = await tinyRun({ encoder: { streams: ['id', 'text'] } });

  await expect(runPipeline(run)).rejects.toThrow(/names 'text', but features\.text is null/);
});
