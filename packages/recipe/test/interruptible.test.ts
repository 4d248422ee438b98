import type { Program } from '@rodpo/compile';
import { afterEach, expect, test, vi } from 'vitest';
import type { Engine } from '../src/workspace/engine.ts';
import { interruptible } from '../src/workspace/interruptible.ts';

afterEach(() => void vi.restoreAllMocks());

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

test('waits for timers only where they have waited for longer than its patience', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(5000);
  const program: Partial<Program> = { run: async () => ({}) };
  const engine: Engine = { name: 'none', program: async () => program as Program };
  const { run } = await open(interruptible(engine, new AbortController().signal));
  const lets = async (now: number) => {
    clock.mockReturnValue(now);
    let hasRun = false;
    setTimeout(() => {
      hasRun = true;
    }, 0);
    await run({});
    return hasRun;
  };

  expect(await lets(5001)).toBe(false);
  expect(await lets(6000)).toBe(false);
  expect(await lets(6001)).toBe(true);
  // The next wait begins with the break.
  expect(await lets(7001)).toBe(false);
});

test('all else that a program does is done by the one behind it', async () => {
  const state = { kept: { shape: [1], data: Float32Array.of(3) } };
  const behind = {
    engine: 'behind',
    run: vi.fn<Program['run']>(async () => ({})),
    state: vi.fn<Program['state']>(async () => state),
    load: vi.fn<Program['load']>(),
    assignVariables: vi.fn<Program['assignVariables']>(),
    dispose: vi.fn<Program['dispose']>(async () => {}),
  };
  const engine: Engine = { name: 'behind', program: async () => behind };
  const program = await open(interruptible(engine, new AbortController().signal));
  const [inputs, options] = [{ users: Float32Array.of(1) }, { seed: 4, step: 2 }];
  await program.run(inputs, options);
  program.load(state);
  program.assignVariables();
  await program.dispose();

  expect(program.engine).toBe('behind');
  expect(await program.state()).toBe(state);
  expect(behind.run).toHaveBeenCalledExactlyOnceWith(inputs, options);
  expect(behind.load).toHaveBeenCalledExactlyOnceWith(state);
  expect(behind.assignVariables).toHaveBeenCalledOnce();
  expect(behind.dispose).toHaveBeenCalledOnce();
});
