import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withPath } from './with-path.ts';

/** What a file is to hold: text as UTF-8, bytes, or parts of these bytes one after another. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A name beside `path`, of its own for every call, by which `isPartial` tells unfinished work. */
export function partialName(path: string): string {
  return `${path}.${randomUUID()}.partial`;
}

/**
 * Whether a name was made by `partialName`, as those of `writeAtomically`'s unfinished files are, or is that of a
 * folder which `writeFolder` was replacing.
 */
export function isPartial(name: string): boolean {
  return ending.test(name);
}

/** A name beside `path` for what was there, until what takes its place is. */
export function formerName(path: string): string {
  return `${path}.${randomUUID()}.former`;
}

/** Whether a name was made by `formerName`. */
export function isFormer(name: string): boolean {
  return isPartial(name) && name.endsWith('.former');
}

const ending = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(partial|former)$/;

/** The name that unfinished work was to have, or a former folder had. */
export function finishedName(partial: string): string {
  return partial.replace(ending, '');
}

export interface WriteAtomicallyOptions {
  /** Where the partial file lies, on the same file system. Default: beside the file. */
  readonly partialFolder?: string;
}

/**
 * Writes a file that appears complete or not at all, and is on disk before its name is. It takes the
 * place of one that is there. Of several writers at once, one has the last word and none is mixed
 * with another. A writer that is killed leaves its partial file (`removeStalePartials`); one that
 * fails removes it.
 *
 * @throws the file system's error, with its `code`
 */
export async function writeAtomically(
  file: string,
  content: FileContent,
  { partialFolder = dirname(file) }: WriteAtomicallyOptions = {},
): Promise<void> {
  const partial = partialName(join(partialFolder, basename(file)));
  try {
    await writeFlushed(partial, content);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined); // the first error is the one to tell
    throw withPath(error, file);
  }
  await syncFolder(dirname(file));
}

async function writeFlushed(file: string, content: FileContent): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    const isWhole = typeof content === 'string' || content instanceof Uint8Array;
    // A part at a time: each call of `writeFile` goes on where the one before ended.
    for await (const part of isWhole ? [content] : content) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a new name last through a power cut, where the system lets a folder be flushed. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
