import { isActionable } from '@rodpo/errors';
import type { Engine } from '@rodpo/recipe';
import { expect, test } from 'vitest';
import { align } from '../src/stages/align.ts';
import { evaluate } from '../src/stages/evaluate.ts';
import { pretrain } from '../src/stages/pretrain.ts';
import { withWorkspace } from '../src/stages/workspace.ts';
import { type SmallRun, sharpWeights, smallRun } from './oracle/case.ts';

/** An engine that counts the programs that are open; those that train fail if asked to. */
function counting(engine: Engine, fails = false) {
  const count = { opened: 0, open: 0 };
  const counted: Engine = {
    name: engine.name,
    program: async (step, options) => {
      const program = await engine.program(step, options);
      count.opened++;
      count.open++;
      const isTraining = Object.keys(options.state ?? {}).some((name) =>
        name.startsWith('optimiser.'),
      );
      return {
        engine: program.engine,
        run: (inputs, own) =>
          fails && isTraining ? Promise.reject(new Error('no')) : program.run(inputs, own),
        state: () => program.state(),
        load: (state) => program.load(state),
        assignVariables: () => program.assignVariables(),
        dispose: async () => {
          count.open--;
          await program.dispose();
        },
      };
    },
  };
  return { counted, count };
}

const limits = { maxEpochs: 1, patience: 1 };
const strategy = (own: object) => ({
  pretrain: limits,
  align: { ...limits, strategies: [{ name: 'x', ...own }] },
});

/** Pretrains, aligns and evaluates in a workspace whose programs are counted. */
async function worked({ run, engine, dataset }: SmallRun, fails: boolean) {
  const { counted, count } = counting(engine, fails);
  const own = { ...run, engine: counted };
  const work = withWorkspace(own, dataset, async (workspace) => {
    const pretrained = await pretrain(own, workspace);
    const x = await align(own, workspace, pretrained, run.config.align.strategies[0]!);
    return evaluate(own, workspace, { pretrained, x });
  });
  return { names: await work.then(Object.keys, (error: Error) => error.message), count };
}

test('programs are disposed when all goes well', async () => {
  const { names, count } = await worked(await smallRun('onnxruntime', strategy({})), false);

  expect(names).toEqual(['pretrained', 'x']);
  expect(count.opened).toBeGreaterThan(3);
  expect(count.open).toBe(0);
});

test('programs are disposed when training fails', async () => {
  const { names, count } = await worked(await smallRun('onnxruntime', strategy({})), true);

  expect(names).toBe('no');
  expect(count.opened).toBeGreaterThan(0);
  expect(count.open).toBe(0);
});

// There are 26 items, and 6 of a user's are read.
test.each([
  [{ negatives: { from: 'pool', size: 20 } }, undefined],
  [{ negatives: { from: 'pool', size: 21 } }, /'align-x' needs 27 items .* has 26\./],
  [{ negatives: { from: 'pool', size: 25 }, exclude: 'chosen' }, undefined],
  [{ negatives: { from: 'pool', size: 26 }, exclude: 'chosen' }, /needs 27 items/],
  [{ loss: 'softmax-dpo', count: 20 }, undefined],
  [{ loss: 'softmax-dpo', count: 21 }, /needs 27 items/],
  // What draws nothing needs nothing.
  [{ loss: 'none', negatives: { from: 'pool', size: 100 } }, undefined],
])('pool and exclusions must leave something to draw: %j', async (own, refusal) => {
  const { run, workspace } = await smallRun('onnxruntime', strategy(own));
  const training = align(
    run,
    workspace,
    sharpWeights(workspace, 5),
    run.config.align.strategies[0]!,
  );

  if (!refusal) await expect(training).resolves.toHaveProperty('items');
  else {
    await expect(training).rejects.toThrow(refusal);
    await expect(training.catch(isActionable)).resolves.toBe(true);
  }
});

test('as many negatives as there are other items are the most', async () => {
  const drawing = (negatives: number) => ({
    pretrain: { ...limits, loss: { kind: 'gbce', negatives, calibration: 0 } },
  });
  const most = await smallRun('onnxruntime', drawing(25));
  const more = await smallRun('onnxruntime', drawing(26));

  await expect(pretrain(most.run, most.workspace)).resolves.toHaveProperty('items');
  await expect(pretrain(more.run, more.workspace)).rejects.toThrow(/below the number .* got 26/);
});
