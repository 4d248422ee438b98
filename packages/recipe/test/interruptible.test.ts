import type { Program } from '@rodpo/compile';
import { expect, test } from 'vitest';
import type { Engine } from '../src/workspace/engine.ts';
import { interruptible } from '../src/workspace/interruptible.ts';

/** Counts the steps that it was made to run, each a moment of work that lets no timer run. */
function countingEngine(milliseconds: number) {
  const steps = { count: 0 };
  const program: Program = {
    engine: 'none',
    run: async () => {
      steps.count++;
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
      return {};
    },
    state: async () => ({}),
    load: () => {},
    assignVariables: async () => {},
    dispose: async () => {},
  };
  const engine: Engine = { name: 'none', program: async () => program };
  return { engine, steps };
}

const open = (engine: Engine) => engine.program(() => ({ outputs: {} }), { inputs: {} });

test('stops before the next step, with the reason', async () => {
  const { engine, steps } = countingEngine(0);
  const controller = new AbortController();
  const program = await open(interruptible(engine, controller.signal));
  await program.run({});
  controller.abort(new Error('lost'));

  await expect(program.run({})).rejects.toThrow('lost');
  await expect(open(interruptible(engine, controller.signal))).rejects.toThrow('lost');
  expect(steps.count).toBe(1);
});

test('lets timers run between steps that never wait', async () => {
  const { engine, steps } = countingEngine(300);
  const program = await open(interruptible(engine, new AbortController().signal));
  let stepsBefore: number | undefined;
  setTimeout(() => {
    stepsBefore = steps.count;
  }, 0);
  for (let step = 0; step < 6; step++) await program.run({});

  expect(stepsBefore).toBeLessThan(6);
});
