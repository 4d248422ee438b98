import { randomUUID } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderLockedError } from './folder-locked-error.ts';
import { type Holder, type LockFiles, lockFile, lockFiles } from './lock-files.ts';
import { LockLostError } from './lock-lost-error.ts';
import { isOver, type LockOwner, thisOwner } from './lock-owner.ts';

export interface LockFolderOptions {
  /** What the folder is locked for, to tell others. */
  readonly purpose: string;
  /** Milliseconds from one sign of life to the next. Default 5,000. */
  readonly heartbeatMs?: number;
  /** A lock of another machine without a sign of life for so long is taken over. Default 60,000. */
  readonly staleMs?: number;
}

/** A folder locked by this process. */
export interface FolderLock {
  readonly owner: LockOwner;
  /** Whether this process holds the lock still: the file is read again. */
  isMine(): Promise<boolean>;
  /** To be called before each save. @throws {LockLostError} if the lock is not this process's */
  assertOwned(): Promise<void>;
  /** Gives the lock back, if it is still held. */
  release(): Promise<void>;
}

/**
 * Locks a folder for one process: its file `.lock` names the owner. Of several processes that want
 * it at once, one gets it. It keeps out those that ask for the lock, and nobody else.
 *
 * A lock is taken over at once if its process is over: no such process on the same machine, or
 * another one by the same number. A lock of another machine (or of a container, or from before a
 * restart) is taken over if it gave no sign of life for `staleMs`. Whoever is held up for longer than that
 * may lose its lock: ask `assertOwned` before each save. Signs of life are the file's time of change, so
 * the clocks of machines that share a folder must agree to well within `staleMs`.
 *
 * @throws {FolderLockedError} if another process holds the lock, or this one already does
 * @throws the file system's error, such as `ENOENT` if there is no such folder
 */
export async function lockFolder(
  folder: string,
  { purpose, heartbeatMs = 5000, staleMs = 60_000 }: LockFolderOptions,
): Promise<FolderLock> {
  const files = lockFiles(folder);
  const owner = thisOwner(randomUUID(), purpose);
  await acquire(files, owner, { folder, staleMs });
  const isMine = async () => (await files.holder())?.token === owner.token;
  const beat = setInterval(() => {
    void signOfLife(join(folder, lockFile), isMine);
  }, heartbeatMs).unref();
  return {
    owner,
    isMine,
    assertOwned: async () => {
      const holder = await files.holder();
      if (holder?.token !== owner.token) throw new LockLostError(folder, holder?.owner);
    },
    release: async () => {
      clearInterval(beat);
      await release(files, owner);
    },
  };
}

async function acquire(
  files: LockFiles,
  owner: LockOwner,
  { folder, staleMs }: { folder: string; staleMs: number },
): Promise<void> {
  for (;;) {
    const holder = await files.holder();
    if (holder && !isStale(holder, staleMs)) throw new FolderLockedError(folder, holder.owner);
    if (!(await files.claim(owner, holder))) continue; // another was faster: see who
    if ((await files.holder())?.token === owner.token) {
      await files.shorten(owner.token, holder);
      return;
    }
    // The holder had been replaced before the claim was made.
    if (holder) await files.disclaim(holder.token);
  }
}

function isStale({ owner, seen }: Holder, staleMs: number): boolean {
  return (owner && isOver(owner)) ?? Date.now() - seen > staleMs;
}

/**
 * Inherits from itself first, so that nobody else can between the look at the lock and its removal.
 */
async function release(files: LockFiles, owner: LockOwner): Promise<void> {
  const holder = await files.holder();
  if (holder?.token !== owner.token) return;
  const last = { ...owner, token: randomUUID() };
  if (!(await files.claim(last, holder))) return; // it is another's by now
  await files.remove();
  await files.disclaim(owner.token);
}

async function signOfLife(file: string, isMine: () => Promise<boolean>): Promise<void> {
  const now = new Date();
  // What fails here is seen by `assertOwned`.
  if (await isMine().catch(() => false)) await utimes(file, now, now).catch(() => undefined);
}
