import { mkdir } from 'node:fs/promises';
import { quote } from '@rodpo/errors';
import type { Item, ItemSource } from '../item.ts';
import { UnusableInput } from '../unusable-input.ts';
import type { Failure } from './download-failure.ts';
import { type DownloadRun, openRun } from './download-run.ts';
import { type DownloadOptions, settleOptions } from './download-settings.ts';
import { openFailureLedger } from './failure-ledger.ts';
import { type ObtainImage, obtainOnce } from './obtain-image.ts';
import { preparePartialFiles } from './partial-file.ts';

/** An item whose image could not be had. */
export interface FailedDownload extends Failure {
  readonly id: string;
}

/** What became of the items; the numbers and failures add up to `itemCount`. */
export interface DownloadReport {
  /** Items whose image was downloaded now. */
  readonly downloaded: number;
  /** Items whose image was there already, from an earlier run or for another item. */
  readonly cached: number;
  /** In catalogue order. */
  readonly failures: readonly FailedDownload[];
}

/** Items that are looked at ahead of each request, to find some whose host is free. */
const itemsAhead = 16;

const itemsPerRead = 256;

/**
 * Downloads the images of a catalogue of URLs into a folder, each URL once; `downloadedImages`
 * then gives the paths. What is in the folder is not asked for again, and neither is what failed
 * for good (`<folder>/failures.jsonl`), so a run that was cut short can simply be repeated.
 *
 * Only public addresses are asked: every address of a host name is checked, the connection goes
 * to one of those checked, and each redirect is checked anew. Proxies set in the environment are
 * not used, since they would resolve names by themselves.
 *
 * Reasons of failures: `missing` (no URL, or HTTP 404 and 410), `refused` (scheme, port,
 * credentials or address not allowed), `tooLarge`, `unsupported` (no URL at all, no image by its
 * first bytes, or compressed), `unreachable` (all else). Time-outs, broken connections, unknown
 * names, HTTP 5xx, 408, 425 and 429 are tried again, in the next run too; the others are
 * remembered.
 *
 * @throws {RangeError} if an option makes no sense
 * @throws {UnusableInput} at the first failure, if `strict`
 * @throws the signal's reason, if it is aborted
 */
export async function downloadImages(
  source: ItemSource<string>,
  options: DownloadOptions,
): Promise<DownloadReport> {
  const settings = settleOptions(options);
  options.signal?.throwIfAborted();
  await mkdir(settings.folder, { recursive: true });
  await preparePartialFiles(settings.folder);
  const ledger = await openFailureLedger(settings);
  const run = openRun(settings, options.signal);
  try {
    const { onProgress } = options;
    return await downloadAll(source, { run, obtain: obtainOnce(run, ledger), onProgress });
  } finally {
    run.close();
  }
}

interface Work {
  readonly run: DownloadRun;
  readonly obtain: ObtainImage;
  readonly onProgress: DownloadOptions['onProgress'];
}

async function downloadAll(
  source: ItemSource<string>,
  { run, obtain, onProgress }: Work,
): Promise<DownloadReport> {
  const tally = { downloaded: 0, cached: 0 };
  const failed: { readonly index: number; readonly failure: FailedDownload }[] = [];
  const items = readItems(source);
  const work = async () => {
    for await (const { index, item } of items) {
      run.signal.throwIfAborted();
      const outcome = (item.input === undefined && item.problem) || (await obtain(item.input));
      if (typeof outcome === 'string') tally[outcome]++;
      else if (run.settings.strict) throw strictError(item.id, outcome);
      else failed.push({ index, failure: { id: item.id, ...outcome } });
      const done = tally.downloaded + tally.cached + failed.length;
      onProgress?.({ total: source.itemCount, done, ...tally, failed: failed.length });
    }
  };
  const workers = Math.min(run.settings.concurrency * itemsAhead, source.itemCount);
  await Promise.all(Array.from({ length: workers }, () => work().catch(run.stop)));
  run.signal.throwIfAborted();

  failed.sort((a, b) => a.index - b.index);
  return { ...tally, failures: failed.map(({ failure }) => failure) };
}

/** All items with their places; several readers share it, and each gets other items. */
async function* readItems(
  source: ItemSource<string>,
): AsyncGenerator<{ readonly index: number; readonly item: Item<string> }, void, undefined> {
  for (let start = 0; start < source.itemCount; start += itemsPerRead) {
    const items = await source.read(start, Math.min(start + itemsPerRead, source.itemCount));
    for (const [offset, item] of items.entries()) yield { index: start + offset, item };
  }
}

function strictError(id: string, { reason, message }: Failure): UnusableInput {
  return new UnusableInput(reason, `Item ${quote(id)}: ${message}`);
}
