/** Runs `work` on every input, `concurrency` at a time. */
export async function inFlight(inputs, concurrency, work) {
  const waiting = inputs.values();
  const worker = async () => {
    for (const input of waiting) await work(input);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** Inputs per second. */
export async function rateOf(count, work) {
  const started = performance.now();
  await work();
  return count / ((performance.now() - started) / 1000);
}
