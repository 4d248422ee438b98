/** Milliseconds after which whatever else waits for this thread is let in. */
const longestMs = 20;

/**
 * What is to be awaited between the parts of long work, so that it does not keep everybody else waiting:
 * where the parts are short, it costs nothing.
 */
export function takeTurns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < longestMs) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  };
}
