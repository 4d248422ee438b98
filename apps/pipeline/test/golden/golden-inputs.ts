import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { initialWeights, type Workspace } from '@rodpo/recipe';
import type { Config } from '../../src/config/config.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import type { Run } from '../../src/run/run.ts';
import { workspaceOf } from '../../src/stages/workspace.ts';
import { tokensOf } from '../oracle/batch.ts';
import { epochBatches } from '../oracle/epoch-batches.ts';
import { noiseOf } from '../oracle/noise.ts';

/** One step's users in their order, and the uniform numbers of each of their tokens. */
interface StepInputs {
  readonly users: readonly number[];
  readonly uniforms: readonly (readonly number[])[];
}

/** All that chance decides of a run, as `bench/peers/align_torch.py` reads it. */
export async function writeGoldenInputs(file: string, run: Run, dataset: Dataset): Promise<void> {
  const { config } = run;
  const { pretrain, align, encoder } = config;
  const workspace = await workspaceOf(run, dataset);
  const weights = initialWeights(workspace);
  const drawn = pretrain.loss.kind === 'gbce' ? pretrain.loss.negatives : 0;
  const stages: Record<string, StepInputs[][]> = {
    pretrain: await epochs(config, workspace, 'pretrain', drawn),
  };
  for (const { name, count } of align.strategies) {
    stages[name] = await epochs(config, workspace, `align-${name}`, count);
  }
  const inputs = {
    config: { pretrain, align, encoder },
    itemCount: dataset.itemIds.length,
    sequences: [...dataset.sequences].map((sequence) => [...sequence]),
    weights: Object.fromEntries(
      Object.entries(weights).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]),
    ),
    stages,
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(inputs));
}

async function epochs(
  config: Config,
  workspace: Workspace,
  stage: string,
  count: number,
): Promise<StepInputs[][]> {
  const { maxEpochs } = stage === 'pretrain' ? config.pretrain : config.align;
  const all: StepInputs[][] = [];
  for (let epoch = 1; epoch <= maxEpochs; epoch++) {
    const steps: StepInputs[] = [];
    for (const { batch, ...seeded } of epochBatches(workspace, {
      stage,
      epoch,
      positions: 'all',
    })) {
      const { uniformsOf } = await noiseOf(config, { dropout: 0, count }, seeded);
      steps.push({
        users: batch.stretches.map(({ user }) => user),
        uniforms: count === 0 ? [] : tokensOf(batch).map(({ cell }) => uniformsOf(cell)),
      });
    }
    all.push(steps);
  }
  return all;
}
