import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FolderLock, FolderLockedError, lockFolder } from '@rodpo/files';
import { type Marker, readMarker } from './marker.ts';

export interface LockOptions {
  /** What it is locked for, to tell others. */
  readonly purpose: string;
  /** The purpose whose lock is waited for. Any other means that the folder is taken for long. Default: none. */
  readonly waitsFor?: string;
  readonly signal?: AbortSignal;
}

/** Milliseconds between two attempts. */
const pollInterval = 200;

/**
 * Locks a folder of ours, which is made if it is not there. A stranger's gets no lock.
 *
 * @throws {ConfigError} if it is not ours, or of another kind
 * @throws {FolderLockedError} if another process works in it, for longer than it is worth to wait
 */
export async function lockOf(
  folder: string,
  kind: Marker['kind'],
  { purpose, waitsFor, signal }: LockOptions,
): Promise<FolderLock> {
  await readMarker(folder, kind);
  await mkdir(folder, { recursive: true });
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await lockFolder(folder, { purpose });
    } catch (error) {
      const isWorthIt = waitsFor !== undefined && ownerOf(error)?.purpose === waitsFor;
      if (!isWorthIt) throw error;
      await sleep(pollInterval, undefined, signal ? { signal } : {});
    }
  }
}

const ownerOf = (error: unknown) => (error instanceof FolderLockedError ? error.owner : undefined);
