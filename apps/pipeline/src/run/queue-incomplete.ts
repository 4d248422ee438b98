import { ActionableError } from '@rodpo/errors';
import type { CompleteReport, ShardQueue } from '@rodpo/queue';

/** The queue is drained, and results are still missing. */
export class QueueIncompleteError extends ActionableError {
  override readonly name = 'QueueIncompleteError';
}

interface Shared {
  /** What the queue hands out, in the plural. */
  readonly units: string;
  /** What a unit is called, by its index. */
  readonly describe: (index: number) => string;
  /** What to do without a queue: `or … without --queue`. */
  readonly otherwise: string;
}

/** What to throw where units were given up, or left no files. */
export function queueIncomplete(
  { name }: ShardQueue,
  { missing, deadLetters }: Pick<CompleteReport, 'missing' | 'deadLetters'>,
  { units, describe, otherwise }: Shared,
): QueueIncompleteError {
  const [first] = deadLetters;
  return new QueueIncompleteError(
    `${missing.length} ${units} are missing, and the queue ${name} has nothing left to do. ` +
      (first
        ? `${deadLetters.length} were given up; ${describe(first.shardIndex)}: ${first.error}. ` +
          'Mend the cause and pass --retry-failed.'
        : 'They were sent again and again and left no files: see that all processes use the same ' +
          `folder and that Redis keeps its data, or ${otherwise} without --queue.`),
  );
}
