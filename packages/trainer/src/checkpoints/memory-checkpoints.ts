import type { Checkpoint, Checkpoints } from './checkpoints.ts';

/** Checkpoints that last as long as the process: for short trainings, and for tests. */
export function memoryCheckpoints(): Checkpoints {
  let newest: Checkpoint | undefined;
  let best: Checkpoint | undefined;
  return {
    load: async () => newest,
    save: async (checkpoint) => {
      newest = copyOf(checkpoint);
    },
    loadBest: async () => best,
    saveBest: async (checkpoint) => {
      best = copyOf(checkpoint);
    },
  };
}

/** A program may go on to write into the arrays that it gave away. */
function copyOf({ progress, state }: Checkpoint): Checkpoint {
  const copies = Object.entries(state).map(
    ([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }] as const,
  );
  return { progress, state: Object.fromEntries(copies) };
}
