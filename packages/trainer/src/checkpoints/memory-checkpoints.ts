import type { Checkpoints } from './checkpoints.ts';
import { checkpointsIn } from './checkpoints-in.ts';
import { savedInMemory } from './saved-in-memory.ts';

/** Checkpoints that last as long as the process: for short trainings, and for tests. */
export function memoryCheckpoints(): Checkpoints {
  return checkpointsIn({ latest: savedInMemory(), best: savedInMemory() });
}
