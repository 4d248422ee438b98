/**
 * Works on the next items while the consumer is busy with one, and gives the results in order.
 *
 * @param depth how many items are worked on or waiting, besides the consumer's
 * @param work gets a signal that is aborted when the consumer stops
 */
export async function* ahead<Item, Result>(
  items: AsyncGenerator<Item, void>,
  depth: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const stop = new AbortController();
  const running: Promise<{ value: Result } | undefined>[] = [];
  const start = () => {
    const next = items
      .next()
      .then(async (item) =>
        item.done ? undefined : { value: await work(item.value, stop.signal) },
      );
    next.catch(() => {}); // thrown below, when its turn comes
    running.push(next);
  };
  try {
    while (running.length < depth) start();
    for (;;) {
      const result = await running.shift()!;
      if (!result) return;
      start();
      yield result.value;
    }
  } finally {
    stop.abort();
    await Promise.allSettled(running); // nothing goes on behind the caller's back
    await items.return();
  }
}
