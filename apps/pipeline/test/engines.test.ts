import type { Program } from '@rodpo/compile';
import {
  alignInputs,
  alignProgram,
  type Engine,
  initialWeights,
  pretrainInputs,
  pretrainProgram,
  type TrainingBatch,
  trainingBatches,
  type Weights,
  type Workspace,
} from '@rodpo/recipe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alignSettings } from '../src/config/align-settings.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { createEngine } from '../src/engine/engine.ts';
import type { Run } from '../src/run/run.ts';
import { prepare } from '../src/stages/prepare.ts';
import { workspaceOf } from '../src/stages/workspace.ts';
import { tinyConfig, tinyRun } from './tiny-run.ts';

const stepCount = 20;
let run: Run;
let dataset: Dataset;
let weights: Weights;
let eager: Engine;

beforeAll(async () => {
  run = await tinyRun();
  dataset = await prepare(run);
  weights = initialWeights(await workspaceOf(run, dataset));
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
    const losses = async (engine: Engine) => {
      const workspace = await workspaceOf({ ...run, engine }, dataset);
      const program = await pretrainProgram(workspace, weights, pretrain);
      return twentyLosses(program, workspace, (batch) => ({
        ...batch.inputs,
        ...pretrainInputs(pretrain.loss, workspace)(batch, { seed: 1, step: 0 }),
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
    const strategy = {
      ...alignSettings(align, align.strategies[0]!),
      loss: 'loss' in own ? own.loss : ('dpo' as const),
    };
    const workspace = await workspaceOf({ ...run, engine }, dataset);
    const isAlone = strategy.loss === 'none';
    const reference = isAlone ? undefined : await workspace.reference(weights);
    const program = await alignProgram(workspace, weights, strategy, reference);
    const inputsOf = alignInputs(strategy, workspace, reference);
    return twentyLosses(program, workspace, (batch) => ({
      ...batch.inputs,
      ...inputsOf(batch, { seed: 1, step: 0 }),
    }));
  };
  expectClose(await losses(run.engine), await losses(eager));
});

test('both engines give the same ranks', async () => {
  const ranks = async (engine: Engine) => {
    const workspace = await workspaceOf({ ...run, engine }, dataset);
    return (await workspace.validation(weights)).ranks(weights);
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
  { set, layout }: Workspace,
  inputsOf: (batch: TrainingBatch) => TrainingBatch['inputs'],
): Promise<number[]> {
  programs.push(program);
  const losses: number[] = [];
  for (let epoch = 1; losses.length < stepCount; epoch++) {
    for (const batch of trainingBatches(set, layout, epoch)) {
      if (losses.length === stepCount) break;
      const { loss } = await program.run(inputsOf(batch), { seed: 7, step: losses.length });
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
