import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '@rodpo/files';

export interface DownloadProgress {
  readonly url: string;
  readonly bytes: number;
  /** Undefined if the server does not say. */
  readonly totalBytes: number | undefined;
}

export interface DownloadFileOptions {
  readonly signal?: AbortSignal;
  /** Called after each piece. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * Fetches `url` into the file `path`, which appears when it is complete. The hub's access token is
 * taken from `HF_TOKEN` or `HF_ACCESS_TOKEN`, as transformers.js does, and sent to the hub only.
 *
 * @throws {Error} if there is no answer, another one than 200, or fewer bytes than announced
 */
export async function downloadFile(
  url: string,
  path: string,
  { signal, onProgress }: DownloadFileOptions = {},
): Promise<void> {
  const response = await fetch(url, { headers: accessHeaders(url), signal: signal ?? null });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  const totalBytes = Number(response.headers.get('content-length')) || undefined;
  await mkdir(dirname(path), { recursive: true });
  const report = (bytes: number) => onProgress?.({ url, bytes, totalBytes });
  await writeAtomically(path, counted(response.body, report));
}

/** A connection that breaks makes this loop throw, so a short file never gets its name. */
async function* counted(
  body: AsyncIterable<Uint8Array>,
  report: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const piece of body) {
    yield piece;
    bytes += piece.length;
    report(bytes);
  }
}

function accessHeaders(url: string): Record<string, string> {
  const token = process.env.HF_TOKEN ?? process.env.HF_ACCESS_TOKEN;
  const { protocol, hostname } = new URL(url);
  const isHub = protocol === 'https:' && ['huggingface.co', 'hf.co'].includes(hostname);
  return token && isHub ? { authorization: `Bearer ${token}` } : {};
}
