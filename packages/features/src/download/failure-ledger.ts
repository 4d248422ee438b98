import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from '@rodpo/files';
import type { FailureReason } from '../unusable-input.ts';
import type { Failure } from './download-failure.ts';
import type { DownloadSettings } from './download-settings.ts';
import { urlDigest } from './image-file.ts';
import { describeUrl } from './image-url.ts';

/** What failed for good, kept from run to run. */
export interface FailureLedger {
  find(url: URL): Failure | undefined;
  add(url: URL, failure: Failure): Promise<void>;
}

/** One line of the file. */
interface Entry extends Failure {
  /** SHA-256 of the whole URL, of which `url` may be a shortened form. */
  readonly key: string;
  readonly url: string;
  /** The settings that the failure is due to; it counts only as long as they are the same. */
  readonly limits: string;
}

/** Reads `<folder>/failures.jsonl`, to which every lasting failure adds a line. */
export async function openFailureLedger(settings: DownloadSettings): Promise<FailureLedger> {
  const path = join(settings.folder, 'failures.jsonl');
  const text = (await ifThere(readFile(path, 'utf8'))) ?? '';
  // A run that was killed may have left half a line.
  if (text !== '' && !text.endsWith('\n')) await appendFile(path, '\n');
  const known = new Map<string, Entry>();
  if (!settings.retryFailed) {
    for (const entry of parseEntries(text)) known.set(entry.key, entry);
  }

  return {
    find: (url) => {
      const entry = known.get(urlDigest(url));
      if (!entry || entry.limits !== limitsBehind(entry.reason, settings)) return undefined;
      return { reason: entry.reason, message: `${entry.message} (in an earlier run)` };
    },
    add: async (url, { reason, message }) => {
      const limits = limitsBehind(reason, settings);
      const entry: Entry = { key: urlDigest(url), url: describeUrl(url), reason, message, limits };
      await appendFile(path, `${JSON.stringify(entry)}\n`);
    },
  };
}

/** Half lines are left out: their URLs are asked again, which does no harm. */
function parseEntries(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry = JSON.parse(line);
      return typeof entry?.key === 'string' ? [entry] : [];
    } catch {
      return [];
    }
  });
}

function limitsBehind(reason: FailureReason, settings: DownloadSettings): string {
  const { maxBytes, maxRedirects, allowedPorts, allowPrivateAddresses } = settings;
  if (reason === 'tooLarge') return JSON.stringify({ maxBytes });
  if (reason === 'refused') return JSON.stringify({ allowedPorts, allowPrivateAddresses });
  if (reason === 'unreachable') return JSON.stringify({ maxRedirects });
  return '';
}
