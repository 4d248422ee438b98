/**
 * Asks with a signal that is aborted when time is up, or when the client has gone and nobody would
 * read the answer.
 */
export async function withinTime<Result>(
  ask: (signal: AbortSignal) => Promise<Result>,
  { timeoutMs, client }: { readonly timeoutMs: number; readonly client: AbortSignal },
): Promise<Result> {
  const controller = new AbortController();
  const abandon = () => controller.abort();
  const timer = setTimeout(abandon, timeoutMs);
  client.addEventListener('abort', abandon, { once: true });
  try {
    return await ask(controller.signal);
  } finally {
    clearTimeout(timer);
    client.removeEventListener('abort', abandon);
  }
}
