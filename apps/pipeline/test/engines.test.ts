import type { Program } from '@rodpo/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alignSettings } from '../src/align-settings.ts';
import type { Dataset } from '../src/data/dataset.ts';
import {
  type TrainingBatch,
  type TrainingSet,
  trainingBatches,
  trainingSet,
} from '../src/data/training-set.ts';
import { createEngine, type Engine } from '../src/engine.ts';
import { type Model, openModel } from '../src/model/model.ts';
import type { Run } from '../src/run/run.ts';
import { alignProgram, pairInputs } from '../src/stages/align.ts';
import { prepare } from '../src/stages/prepare.ts';
import { initialWeights, negativeInputs, pretrainProgram } from '../src/stages/pretrain.ts';
import { createEvaluationRanker } from '../src/stages/rank.ts';
import { referenceVectors } from '../src/stages/reference.ts';
import type { Weights } from '../src/stages/train.ts';
import { tinyConfig, tinyRun } from './tiny-run.ts';

const stepCount = 20;
let run: Run;
let dataset: Dataset;
let model: Model;
let weights: Weights;
let eager: Engine;

beforeAll(async () => {
  run = await tinyRun();
  dataset = await prepare(run);
  model = await openModel(run, dataset);
  weights = initialWeights(run, model);
  eager = await createEngine({ ...run.config.engine, kind: 'tfjs' }, () => {});
});

test('the eager engine uses an installed tfjs backend', () => {
  // The package of `pnpm test:engines`; else the best that is installed.
  const source = process.env.TFJS_NODE ?? '@tensorflow/(tfjs-node-gpu|tfjs-node|tfjs-backend-wasm)';
  expect(eager.name).toMatch(new RegExp(`^tfjs \\((tensorflow|wasm), ${source}, (cpu|gpu)\\)$`));
});

test.each([{ kind: 'softmax' }, { kind: 'gbce', negatives: 3 }])(
  'pretraining by $kind: both engines give the same losses over 20 steps',
  async (loss) => {
    const { pretrain } = await tinyConfig({ pretrain: { loss } });
    const config = { ...run.config, pretrain };
    const losses = async (engine: Engine) => {
      const program = await pretrainProgram({ config, engine }, model, weights);
      return twentyLosses(program, (batch, set) => ({
        ...batch.inputs,
        ...negativeInputs(config, set, batch),
      }));
    };
    expectClose(await losses(run.engine), await losses(eager));
  },
);

test.each([
  { name: 'uniform', negatives: { from: 'catalogue' } },
  { name: 'popularity', negatives: { from: 'popularity', exponent: 1 } },
  { name: 'batch', negatives: { from: 'batch' } },
  { name: 'hard', negatives: { from: 'pool', size: 1 } },
  { name: 'stochastic', negatives: { from: 'pool', size: 20 } },
  { name: 'frozen', negatives: { from: 'pool', size: 20, scoredBy: 'reference' } },
  { name: 'several', loss: 'softmax-dpo', count: 4, negatives: { from: 'pool', size: 20 } },
  { name: 'control', loss: 'none', negatives: { from: 'catalogue' } },
] as const)('alignment, $name: both engines draw and lose the same', async (own) => {
  const losses = async (engine: Engine) => {
    const { align } = await tinyConfig({ align: { strategies: [own] } });
    const strategy = alignSettings(align, align.strategies[0]!);
    const set = trainingSet(dataset, run.config);
    const reference = await referenceVectors({ ...run, engine }, set, model, weights);
    const isAlone = strategy.loss === 'none';
    const alignment = { set, model, strategy, ...(isAlone ? {} : { reference }) };
    const program = await alignProgram({ ...run, engine }, weights, alignment);
    return twentyLosses(program, (batch) => ({
      ...batch.inputs,
      ...pairInputs(run.config, alignment, batch),
    }));
  };
  expectClose(await losses(run.engine), await losses(eager));
});

test('both engines give the same ranks', async () => {
  const ranks = async (engine: Engine) => {
    const ranker = await createEvaluationRanker({ ...run, engine }, dataset, model, weights);
    return ranker.validation.ranks(weights);
  };
  const native = await ranks(run.engine);
  const reference = await ranks(eager);
  // Untrained scores lie close together: rounding may swap neighbours, but not move an item far.
  expect(native.length).toBe(reference.length);
  for (const [user, rank] of native.entries()) {
    expect(Math.abs(rank - reference[user]!)).toBeLessThanOrEqual(2);
  }
});

const programs: Program[] = [];
afterAll(() => Promise.all(programs.map((program) => program.dispose())));

async function twentyLosses(
  program: Program,
  inputsOf: (batch: TrainingBatch, set: TrainingSet) => TrainingBatch['inputs'],
): Promise<number[]> {
  programs.push(program);
  const losses: number[] = [];
  const set = trainingSet(dataset, run.config);
  for (let epoch = 1; losses.length < stepCount; epoch++) {
    for (const batch of trainingBatches(set, run.config, epoch)) {
      if (losses.length === stepCount) break;
      const { loss } = await program.run(inputsOf(batch, set), { seed: 7, step: losses.length });
      losses.push(loss![0]!);
    }
  }
  return losses;
}

function expectClose(actual: number[], expected: number[]): void {
  expect(actual).toHaveLength(stepCount);
  for (const [step, loss] of actual.entries()) {
    // Float32 sums in another order: relative error around 1e-6 a step, grown by Adam.
    expect(Math.abs(loss / expected[step]! - 1)).toBeLessThan(1e-4);
  }
  expect(actual.at(-1)).not.toBe(actual[0]);
}
