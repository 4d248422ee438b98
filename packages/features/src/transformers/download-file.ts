import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

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
  let bytes = 0;
  const body = response.body;
  await writeWhole(path, async (file) => {
    // A connection that breaks makes this loop throw, so a short file never gets its name.
    for await (const piece of body) {
      await file.writeFile(piece);
      bytes += piece.length;
      onProgress?.({ url, bytes, totalBytes });
    }
  });
}

async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.partial`; // two embedders may want one file
  try {
    const file = await open(partial, 'wx');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function accessHeaders(url: string): Record<string, string> {
  const token = process.env.HF_TOKEN ?? process.env.HF_ACCESS_TOKEN;
  const { protocol, hostname } = new URL(url);
  const isHub = protocol === 'https:' && ['huggingface.co', 'hf.co'].includes(hostname);
  return token && isHub ? { authorization: `Bearer ${token}` } : {};
}
