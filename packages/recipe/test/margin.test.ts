import { topKPool } from '@rodpo/samplers';
import { drawUniform } from '@rodpo/samplers/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Margin, NegativeSource } from '../src/steps/align-settings.ts';
import { type AlignOptions, align } from '../src/training/align.ts';
import { memoryCheckpoints } from '../src/training/checkpoints.ts';
import { pretrain } from '../src/training/pretrain.ts';
import { compiledEngine, type Engine, eagerEngine } from '../src/workspace/engine.ts';
import type { Weights } from '../src/workspace/weights.ts';
import type { WorkspaceOptions } from '../src/workspace/workspace.ts';
import { smallWorkspace } from './small-workspace.ts';

const compiled = compiledEngine({ threads: 1 });
let pretrained: Weights;
beforeAll(async () => {
  await setBackend('cpu');
  const workspace = smallWorkspace({ engine: compiled });
  const options = { maxEpochs: 4, learningRate: 0.02, dropout: 0.1 };
  pretrained = (await pretrain(workspace, options)).weights;
  await workspace.dispose();
});

const pool = (size: number, more = {}): NegativeSource => ({ from: 'pool', size, ...more });
const strategies: Record<string, AlignOptions> = {
  catalogue: { negatives: { from: 'catalogue' } },
  popularity: { negatives: { from: 'popularity' } },
  batch: { negatives: { from: 'batch' } },
  hardest: { negatives: pool(1) },
  pool: { negatives: pool(10) },
  'pool of the reference': { negatives: pool(10, { scoredBy: 'reference' }) },
  'pool of candidates': { negatives: pool(5, { among: { candidates: 30 } }) },
  'last positions': { negatives: pool(10), positions: 'last' },
  'preference alone': { negatives: pool(10), crossEntropyWeight: 0 },
  several: { negatives: pool(10), loss: 'softmax-dpo', count: 3 },
  'sampler between steps': {
    negatives: { from: 'sampler', sampler: topKPool({ poolSize: 10 }), scored: true },
  },
  'own draw': {
    negatives: ({ excluded, uniform, itemCount }) =>
      drawUniform(excluded, uniform([excluded.shape[0]!]), itemCount),
  },
};

/** Mean margin of the first step, and of the last of an epoch, at β 1. */
async function startMargin(
  margin: Margin,
  own: AlignOptions,
  options: Partial<WorkspaceOptions> = {},
): Promise<number> {
  let first: number | undefined;
  const engine: Engine = options.engine ?? compiled;
  const watched: Engine = {
    name: engine.name,
    program: async (step, programOptions) => {
      const program = await engine.program(step, programOptions);
      const run: typeof program.run = async (...given) => {
        const outputs = await program.run(...given);
        first ??= outputs['rewards/margins']?.[0];
        return outputs;
      };
      return Object.assign(Object.create(program), { run, ...bound(program) });
    },
  };
  const workspace = smallWorkspace({ ...options, engine: watched });
  const settings = { beta: 1, dropout: 0.4, maxEpochs: 1, margin, ...own };
  await align(workspace, pretrained, settings);
  await workspace.dispose();
  return first!;
}

/** Methods of a class with private fields need their own `this`. */
function bound(program: Awaited<ReturnType<Engine['program']>>) {
  return {
    engine: program.engine,
    state: () => program.state(),
    load: (state: Parameters<typeof program.load>[0]) => program.load(state),
    assignVariables: () => program.assignVariables(),
    dispose: () => program.dispose(),
  };
}

describe.each(Object.keys(strategies))('%s', (name) => {
  const own = strategies[name]!;

  test('a policy with dropout starts behind its reference without', async () => {
    expect(await startMargin('policy-dropout', own)).toBeLessThan(-0.05);
  });

  test.each(['no-dropout', 'same-dropout', 'centred'] as const)(
    '%s starts at 0',
    async (margin) => {
      // Scores of about 5 in float32, each read by another program.
      expect(Math.abs(await startMargin(margin, own))).toBeLessThan(1e-5);
    },
  );
});

test.each(['no-dropout', 'same-dropout', 'centred'] as const)(
  '%s starts at 0 with item rows on the host, and op by op',
  async (margin) => {
    const negatives = pool(5, { among: { candidates: 30 } });
    const host = await startMargin(margin, { negatives }, { itemRows: 'host' });
    const before = memory().numTensors;
    const eager = await startMargin(margin, { negatives }, { engine: eagerEngine() });

    expect(Math.abs(host)).toBeLessThan(1e-5);
    expect(Math.abs(eager)).toBeLessThan(1e-5);
    expect(memory().numTensors).toBe(before);
  },
);

test('a reference is read without dropout where item rows are on the host, too', async () => {
  const negatives = pool(5, { among: { candidates: 30 } });

  expect(await startMargin('policy-dropout', { negatives }, { itemRows: 'host' })).toBeLessThan(
    -0.05,
  );
});

test('the centre is what the margins were before, and goes on where an alignment stopped', async () => {
  const options: AlignOptions = { negatives: pool(10), beta: 0.5, dropout: 0.4, maxEpochs: 3 };
  const run = async (own: AlignOptions) => {
    const workspace = smallWorkspace({ engine: compiled });
    const result = await align(workspace, pretrained, { ...options, patience: 9, ...own });
    await workspace.dispose();
    return result;
  };
  const whole = await run({ margin: 'centred' });
  const checkpoints = memoryCheckpoints();
  await run({ margin: 'centred', checkpoints, maxEpochs: 1 });
  const resumed = await run({ margin: 'centred', checkpoints });
  const unmoved = { learningRate: 1e-12, maxEpochs: 1 };
  const [centred] = (await run({ ...unmoved, margin: 'centred' })).log;
  const [biased] = (await run({ ...unmoved, margin: 'policy-dropout' })).log;

  expect(resumed.weights).toEqual(whole.weights);
  expect(Number(centred!['margins/centre'])).toBeLessThan(-0.02);
  // A mean of ten steps against each step's own: both are of the same bias.
  const sum = Number(centred!['margins/centre']) + Number(centred!['rewards/margins']);
  expect(sum).toBeCloseTo(Number(biased!['rewards/margins']), 5);
});
