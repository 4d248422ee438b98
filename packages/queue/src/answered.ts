import { setTimeout as sleep } from 'node:timers/promises';
import type { Jobs } from './jobs.ts';

/**
 * Waits until Redis has answered, for `timeout` milliseconds at most: a server that accepts
 * connections and says nothing goes unnoticed by the driver, and so does a refused login.
 *
 * @throws what `unreachable` makes of the reason; a missing driver's error as it is
 */
export async function answered(
  jobs: Jobs,
  timeout: number,
  unreachable: (reason: unknown) => Error,
): Promise<void> {
  const waiting = new AbortController();
  const ready = jobs.waitUntilReady().catch((error: Error) => {
    throw error.message.includes("'ioredis'") ? error : unreachable(error);
  });
  const refused = new Promise<never>((_, reject) => {
    jobs.on('error', (error) => {
      if (error.name === 'ReplyError') reject(unreachable(error));
    });
  });
  const silent = sleep(timeout, undefined, { signal: waiting.signal }).then(() => {
    throw unreachable(new Error('no answer'));
  });
  for (const promise of [ready, refused, silent]) promise.catch(() => {}); // the race tells
  try {
    await Promise.race([ready, refused, silent]);
  } finally {
    waiting.abort();
  }
}
