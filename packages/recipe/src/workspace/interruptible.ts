import { setTimeout } from 'node:timers/promises';
import type { Engine } from './engine.ts';

/** Milliseconds that a program may keep timers waiting, beyond the step it is in. */
const patience = 1000;

/**
 * An engine whose programs stop before the next step once `signal` aborts. Between steps it lets
 * timers run: a worker that gives no sign of life loses its unit to another one.
 */
export function interruptible(engine: Engine, signal: AbortSignal): Engine {
  let lastBreak = performance.now();
  const takeBreak = async () => {
    if (performance.now() - lastBreak > patience) {
      await setTimeout();
      lastBreak = performance.now();
    }
    signal.throwIfAborted();
  };
  return {
    name: engine.name,
    program: async (step, options) => {
      await takeBreak();
      const program = await engine.program(step, options);
      return {
        engine: program.engine,
        run: async (inputs, runOptions) => {
          await takeBreak();
          return program.run(inputs, runOptions);
        },
        state: () => program.state(),
        load: (state) => program.load(state),
        assignVariables: () => program.assignVariables(),
        dispose: () => program.dispose(),
      };
    },
  };
}
