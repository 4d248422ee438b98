import { type Deadline, startDeadline, unlessAborted } from './deadline.ts';
import { DownloadFailure } from './download-failure.ts';
import type { DownloadRun } from './download-run.ts';
import { discardBody, readBody } from './image-body.ts';
import { requireAllowedUrl } from './image-url.ts';
import { openResponse } from './open-response.ts';
import { resolveHost } from './resolve-host.ts';
import { redirectTarget, statusFailure } from './response-status.ts';
import { saveImage } from './save-image.ts';

/** One request: where it comes from is checked, then what comes is saved under `imageUrl`. */
export interface Visit {
  readonly url: URL;
  /** The URL that it all began with, before any redirect. */
  readonly imageUrl: URL;
}

/**
 * Makes one request when it is its turn. Answers the URL to go on with if it is a redirect, or
 * undefined if the image is saved.
 *
 * @throws {DownloadFailure} if this request brings no image
 */
export async function visitUrl(visit: Visit, run: DownloadRun): Promise<URL | undefined> {
  requireAllowedUrl(visit.url, run.settings.allowedPorts);
  const leave = await run.enter(visit.url.hostname);
  let pause = 0;
  try {
    return await visitInTime(visit, run);
  } catch (error) {
    if (error instanceof DownloadFailure) pause = error.retryAfterMilliseconds ?? 0;
    throw error;
  } finally {
    leave(pause);
  }
}

async function visitInTime(visit: Visit, run: DownloadRun): Promise<URL | undefined> {
  run.signal.throwIfAborted();
  const { timeoutMilliseconds, idleTimeoutMilliseconds } = run.settings;
  const { signal } = run;
  const deadline = startDeadline({ timeoutMilliseconds, idleTimeoutMilliseconds, signal });
  try {
    return await exchange(visit, run, deadline);
  } catch (error) {
    // A connection that was cut off says nothing of the reason.
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  } finally {
    deadline.end();
  }
}

async function exchange(
  { url, imageUrl }: Visit,
  { settings, connections }: DownloadRun,
  { signal, touch }: Deadline,
): Promise<URL | undefined> {
  const { folder, maxBytes, userAgent, system, mayAsk } = settings;
  const addresses = await unlessAborted(
    resolveHost(url, { lookup: system.lookup, mayAsk }),
    signal,
  );
  const response = await openResponse(url, { connections, addresses, userAgent, signal });
  touch();
  try {
    const target = redirectTarget(response, url);
    const failure = target ? undefined : statusFailure(response, { url, now: system.now() });
    if (target || failure) await discardBody(response);
    if (failure) throw failure;
    if (!target) {
      await saveImage(readBody(response, { maxBytes, onChunk: touch }), { folder, url: imageUrl });
    }
    return target;
  } finally {
    if (!response.readableEnded) response.destroy();
  }
}
