/** Runs a task as soon as fewer than the limit are running, first come, first served. */
export type Limit = <Result>(task: () => Promise<Result>) => Promise<Result>;

export function limit(concurrency: number): Limit {
  const waiting: (() => void)[] = [];
  let free = concurrency;
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
