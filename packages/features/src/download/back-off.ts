export interface BackOffOptions {
  readonly backoffMilliseconds: number;
  readonly maxBackoffMilliseconds: number;
  readonly random: () => number;
}

/**
 * How long to wait after failed attempt 1, 2, …, in milliseconds: twice as long each time, of
 * which half is drawn, so that many who failed together do not come back together.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("equal jitter")
 */
export function backOff(
  attempt: number,
  { backoffMilliseconds, maxBackoffMilliseconds, random }: BackOffOptions,
): number {
  const ceiling = Math.min(backoffMilliseconds * 2 ** (attempt - 1), maxBackoffMilliseconds);
  return (ceiling * (1 + random())) / 2;
}
