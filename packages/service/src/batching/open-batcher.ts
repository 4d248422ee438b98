import { AbandonedError, QueueFullError } from './batcher-errors.ts';

/** Gathers questions that come at about the same time, and has them answered together. */
export interface Batcher<Question, Reply> {
  /** How many questions wait for their turn. */
  waiting(): number;
  /**
   * Replies in the order of the questions. Either all of them find a place in the queue, or none.
   *
   * @throws {QueueFullError} at once, if there is no room for all of them
   * @throws {AbandonedError} when `signal` is aborted before they are answered
   */
  ask(questions: readonly Question[], signal: AbortSignal): Promise<Reply[]>;
  /** Resolves once everything that was asked has been answered. */
  idle(): Promise<void>;
}

export interface BatcherOptions<Question, Reply> {
  /** Answers a batch: a reply to each question, in their order. */
  readonly answer: (questions: readonly Question[]) => Promise<readonly Reply[]>;
  /** Milliseconds from the first question until a batch begins that is not full. */
  readonly windowMs: number;
  /** Questions in a full batch. */
  readonly batchSize: number;
  /** Questions that may wait. */
  readonly queueSize: number;
}

interface Entry<Question, Reply> {
  readonly question: Question;
  readonly arrived: number;
  hasBegun: boolean;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** One batch at a time: while it is answered, the next one gathers. */
export function openBatcher<Question, Reply>({
  answer,
  windowMs,
  batchSize,
  queueSize,
}: BatcherOptions<Question, Reply>): Batcher<Question, Reply> {
  let queue: Entry<Question, Reply>[] = [];
  let work: Promise<void> | undefined;
  let onFull = () => {};

  /** Until the batch is full, or the oldest question has waited long enough. */
  const gathered = () =>
    new Promise<void>((resolve) => {
      const leftMs = queue[0]!.arrived + windowMs - performance.now();
      if (queue.length >= batchSize || leftMs <= 0) return resolve();
      const timer = setTimeout(resolve, leftMs);
      onFull = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const workThrough = async () => {
    while (queue.length > 0) {
      await gathered();
      onFull = () => {};
      // Whoever waited may have gone meanwhile.
      if (queue.length > 0) await answerBatch(queue.splice(0, batchSize), answer);
    }
    work = undefined;
  };

  return {
    waiting: () => queue.length,
    ask: async (questions, signal) => {
      if (queue.length + questions.length > queueSize) {
        throw new QueueFullError(queue.length, queueSize);
      }
      const { entries, replies } = entriesOf<Question, Reply>(questions);
      queue.push(...entries);
      const abandon = () => {
        const own = new Set(entries);
        queue = queue.filter((entry) => !own.has(entry));
        for (const { hasBegun, reject } of entries) reject(new AbandonedError(hasBegun));
      };
      signal.addEventListener('abort', abandon, { once: true });
      if (queue.length >= batchSize) onFull();
      work ??= workThrough();
      try {
        return await replies;
      } finally {
        signal.removeEventListener('abort', abandon);
      }
    },
    idle: async () => {
      while (work) await work;
    },
  };
}

function entriesOf<Question, Reply>(questions: readonly Question[]) {
  const entries: Entry<Question, Reply>[] = [];
  const arrived = performance.now();
  const replies = questions.map(
    (question) =>
      new Promise<Reply>((resolve, reject) => {
        entries.push({ question, arrived, hasBegun: false, resolve, reject });
      }),
  );
  return { entries, replies: Promise.all(replies) };
}

async function answerBatch<Question, Reply>(
  batch: readonly Entry<Question, Reply>[],
  answer: BatcherOptions<Question, Reply>['answer'],
): Promise<void> {
  for (const entry of batch) entry.hasBegun = true;
  try {
    const replies = await answer(batch.map(({ question }) => question));
    for (const [place, { resolve }] of batch.entries()) resolve(replies[place]!);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
