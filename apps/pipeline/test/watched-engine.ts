import type { RunOptions, TypedArray } from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import type { Engine } from '@rodpo/recipe';

type State = Readonly<Record<string, NamedArray>>;
type Arrays = Readonly<Record<string, TypedArray>>;

/** What one run of a training program was given and made. */
export interface WatchedStep {
  readonly inputs: Arrays;
  readonly options: Required<RunOptions>;
  readonly before: State;
  readonly outputs: Arrays;
  readonly after: State;
}

/** An engine, and every step that its training programs have run so far. */
export interface WatchedEngine extends Engine {
  readonly steps: WatchedStep[];
}

/** A training program is one that carries an optimiser; all others run unseen. */
export function watchedEngine(engine: Engine): WatchedEngine {
  const steps: WatchedStep[] = [];
  return {
    name: engine.name,
    steps,
    program: async (step, options) => {
      const program = await engine.program(step, options);
      const isTraining = Object.keys(options.state ?? {}).some((name) => name.includes('adam.'));
      if (!isTraining) return program;
      const run: typeof program.run = async (inputs, { seed = 0, step: number = 0 } = {}) => {
        const before = await program.state();
        const outputs = await program.run(inputs, { seed, step: number });
        const after = await program.state();
        steps.push({ inputs, options: { seed, step: number }, before, outputs, after });
        return outputs;
      };
      return {
        engine: program.engine,
        run,
        state: () => program.state(),
        load: (state) => program.load(state),
        assignVariables: () => program.assignVariables(),
        dispose: () => program.dispose(),
      };
    },
  };
}

/** The last step of every epoch: each epoch draws from a seed of its own. */
export function epochEnds(steps: readonly WatchedStep[]): WatchedStep[] {
  return steps.filter(({ options }, index) => steps[index + 1]?.options.seed !== options.seed);
}
