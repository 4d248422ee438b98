import { backOff } from './back-off.ts';
import { DownloadFailure } from './download-failure.ts';
import type { DownloadRun } from './download-run.ts';
import { visitUrl } from './visit-url.ts';

/**
 * Downloads one image into the folder, asking again after what may pass.
 *
 * @throws {DownloadFailure} if it cannot be had now
 */
export async function fetchImage(imageUrl: URL, run: DownloadRun): Promise<void> {
  const { attempts, system } = run.settings;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const failure = await failureOf(followRedirects(imageUrl, run));
    if (!failure) return;
    if (!failure.transient || attempt === attempts) throw lastFailure(failure, attempt);
    await system.sleep(pauseAfter(failure, attempt, run), run.signal);
  }
}

async function followRedirects(imageUrl: URL, run: DownloadRun): Promise<void> {
  const { maxRedirects } = run.settings;
  let url: URL | undefined = imageUrl;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    url = await visitUrl({ url, imageUrl }, run);
    if (!url) return;
  }
  throw new DownloadFailure('unreachable', `more than ${maxRedirects} redirects`);
}

/** The failure of a download; other errors (a full disk, the end of the run) are thrown on. */
async function failureOf(download: Promise<void>): Promise<DownloadFailure | undefined> {
  try {
    await download;
    return undefined;
  } catch (error) {
    if (error instanceof DownloadFailure) return error;
    throw error;
  }
}

function pauseAfter(failure: DownloadFailure, attempt: number, { settings }: DownloadRun): number {
  const asked = failure.retryAfterMilliseconds ?? 0;
  return Math.min(Math.max(asked, backOff(attempt, settings)), settings.maxBackoffMilliseconds);
}

function lastFailure(failure: DownloadFailure, attempt: number): DownloadFailure {
  const { reason, message, transient } = failure;
  const attempts = attempt === 1 ? '1 attempt' : `${attempt} attempts`;
  return new DownloadFailure(reason, `${message} (${attempts})`, { transient });
}
