import { DownloadFailure } from './download-failure.ts';

export interface DeadlineOptions {
  readonly timeoutMilliseconds: number;
  readonly idleTimeoutMilliseconds: number;
  /** Ends it early, with its own reason. */
  readonly signal: AbortSignal;
}

/** The time that one request has: in all, and between two signs of life. */
export interface Deadline {
  /** Aborted when time is up; the reason says why. */
  readonly signal: AbortSignal;
  /** A sign of life came. */
  touch(): void;
  /** Stops the clocks. */
  end(): void;
}

export function startDeadline(options: DeadlineOptions): Deadline {
  const { timeoutMilliseconds, idleTimeoutMilliseconds, signal } = options;
  const controller = new AbortController();
  const fail = (message: string) =>
    controller.abort(new DownloadFailure('unreachable', message, { transient: true }));
  const total = setTimeout(
    () => fail(`not complete after ${timeoutMilliseconds} ms`),
    timeoutMilliseconds,
  );
  const idle = setTimeout(
    () => fail(`nothing came for ${idleTimeoutMilliseconds} ms`),
    idleTimeoutMilliseconds,
  );
  const stop = () => controller.abort(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);

  return {
    signal: controller.signal,
    touch: () => void idle.refresh(),
    end: () => {
      clearTimeout(total);
      clearTimeout(idle);
      signal.removeEventListener('abort', stop);
    },
  };
}

/** The promise's value, unless the signal comes first. What cannot be stopped is let go. */
export async function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
