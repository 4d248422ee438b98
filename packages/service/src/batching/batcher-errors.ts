/** More is waiting than may wait: nothing was begun, and later it may be asked again. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';

  constructor(waiting: number, queueSize: number) {
    super(`${waiting} of at most ${queueSize} requests are waiting. Ask again later.`);
  }
}

/** Whoever asked has stopped waiting. */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
  /** Whether its batch had begun. */
  readonly hasBegun: boolean;

  constructor(hasBegun: boolean) {
    super(hasBegun ? 'The answer was not there in time.' : 'The turn did not come in time.');
    this.hasBegun = hasBegun;
  }
}
