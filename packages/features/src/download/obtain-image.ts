import { DownloadFailure, type Failure } from './download-failure.ts';
import type { DownloadRun } from './download-run.ts';
import type { FailureLedger } from './failure-ledger.ts';
import { fetchImage } from './fetch-image.ts';
import { findImageFile } from './image-file.ts';
import { parseImageUrl } from './image-url.ts';

type Outcome = 'downloaded' | 'cached' | Failure;

/** Sees to it that the image of a URL is in the folder. */
export type ObtainImage = (url: string | undefined) => Promise<Outcome>;

/** Obtains each URL once in a run, however many items have it. */
export function obtainOnce(run: DownloadRun, ledger: FailureLedger): ObtainImage {
  /** URLs in work, and URLs that failed; the others are found in the folder. */
  const outcomes = new Map<string, Promise<Outcome>>();
  return async (text) => {
    const url = readUrl(text);
    if (!(url instanceof URL)) return url;

    const earlier = outcomes.get(url.href);
    if (earlier) return (await earlier) === 'downloaded' ? 'cached' : earlier;
    const now = obtain(url, run, ledger);
    outcomes.set(url.href, now);
    if (typeof (await now) === 'string') outcomes.delete(url.href);
    return now;
  };
}

async function obtain(url: URL, run: DownloadRun, ledger: FailureLedger): Promise<Outcome> {
  if (await findImageFile(run.settings.folder, url)) return 'cached';
  const known = ledger.find(url);
  if (known) return known;
  try {
    await fetchImage(url, run);
    return 'downloaded';
  } catch (error) {
    const failure = requireFailure(error);
    if (!failure.transient) await ledger.add(url, failure);
    return summarise(failure);
  }
}

function readUrl(text: string | undefined): URL | Failure {
  if (text === undefined) return { reason: 'missing', message: 'the item has no URL' };
  try {
    return parseImageUrl(text);
  } catch (error) {
    return summarise(requireFailure(error));
  }
}

/** Throws on what is not the fault of the download: a full disk, the end of the run. */
function requireFailure(error: unknown): DownloadFailure {
  if (error instanceof DownloadFailure) return error;
  throw error;
}

function summarise({ reason, message }: DownloadFailure): Failure {
  return { reason, message };
}
