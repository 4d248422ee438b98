import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from '../if-there.ts';
import { sha256Of } from '../sha256-of.ts';
import { namingPath } from '../with-path.ts';
import { writeFirst } from '../write-first.ts';
import { type LockOwner, parseOwner } from './lock-owner.ts';

/** Who holds a lock, as a lock file says. */
export interface Holder {
  readonly token: string;
  readonly owner: LockOwner | undefined;
  /** The holder's last sign of life, in milliseconds since 1970. */
  readonly seen: number;
}

/**
 * The files of a folder's lock: `.lock` of its first owner, and for an owner whose process is over
 * `.lock.<its token>.heir` of the next. The last of this chain holds the lock. A token is used once,
 * so of all that want to inherit from one owner a single one can, however late they notice; one
 * that is not in the chain that starts at `.lock` has inherited from an owner that was replaced.
 */
export interface LockFiles {
  /** The chain's last. Undefined if nobody has locked the folder. */
  holder(): Promise<Holder | undefined>;
  /** Makes the first file, or that of an heir. @returns false if another was faster */
  claim(owner: LockOwner, from: Holder | undefined): Promise<boolean>;
  /** Takes back the claim on the heritage of a token. */
  disclaim(from: string): Promise<void>;
  /** Makes the chain's last its first, and removes what is in no chain any more. */
  shorten(token: string, from: Holder | undefined): Promise<void>;
  /** Removes the first file, to be called by whoever no other can inherit from. */
  remove(): Promise<void>;
}

export const lockFile = '.lock';

export function lockFiles(folder: string): LockFiles {
  const first = join(folder, lockFile);
  const heirOf = (token: string) => `${first}.${token}.heir`;
  return {
    holder: async () => {
      let last = await readHolder(first);
      for (let next = last; next; next = await readHolder(heirOf(next.token))) last = next;
      return last;
    },
    claim: (owner, from) =>
      writeFirst(from ? heirOf(from.token) : first, `${JSON.stringify(owner)}\n`),
    disclaim: (from) => rm(heirOf(from), { force: true }),
    shorten: async (token, from) => {
      if (from) await rename(heirOf(from.token), first);
      const kept = heirOf(token);
      for (const name of await readdir(folder)) {
        const isHeir = name.startsWith(`${lockFile}.`) && name.endsWith('.heir');
        if (isHeir && join(folder, name) !== kept) await rm(join(folder, name), { force: true });
      }
    },
    remove: () => rm(first, { force: true }),
  };
}

async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await ifThere(namingPath(file, readFile(file, 'utf8')));
  if (text === undefined) return undefined;
  const seen = (await ifThere(stat(file)))?.mtimeMs;
  if (seen === undefined) return readHolder(file); // it was replaced or removed just now
  const owner = parseOwner(text);
  const unreadable = sha256Of(text).slice(0, 32);
  return { token: owner?.token ?? unreadable, owner, seen };
}
