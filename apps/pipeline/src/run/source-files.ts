import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { listTableFiles, TableError } from '@rodpo/data';
import { quoteList } from '@rodpo/errors';
import { canonicalJson, ifThere, sha256Of, sha256OfFile } from '@rodpo/files';
import type { Config } from '../config/config.ts';
import { isTable } from '../config/data-settings.ts';
import type { SourceFile, SourceFiles } from './marker.ts';

/**
 * The files of interactions by their content, in the order that they are read in: null for a
 * simulation, undefined if one is not there.
 */
export async function sourceOf({ data }: Config): Promise<SourceFiles | null | undefined> {
  if (data.source === 'simulator') return null;
  const paths = isTable(data) ? await pathsOf(data.path) : [data.path];
  const files: SourceFile[] = [];
  for (const path of paths ?? []) {
    const found = await ifThere(stat(path));
    if (!found) return undefined;
    files.push({ name: basename(path), bytes: found.size, sha256: await sha256OfFile(path) });
  }
  return files.length === 0 ? undefined : together(files);
}

async function pathsOf(path: string | readonly string[]): Promise<string[] | undefined> {
  return listTableFiles(path).catch((error: unknown) => {
    if (error instanceof TableError) return undefined;
    throw error;
  });
}

/** One file is what it is. Several are as one: the same contents in another order are another table. */
function together(files: SourceFile[]): SourceFiles {
  const [first] = files;
  if (files.length === 1) return first!;
  return {
    name: `${first!.name} and ${files.length - 1} more`,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    sha256: sha256Of(canonicalJson(files.map(({ sha256 }) => sha256))),
    files,
  };
}

/** Of several files, in words, those that are in one of two sources alone; nothing if they are single. */
export function differingFiles(before: SourceFiles, now: SourceFiles): string | undefined {
  if (!before.files && !now.files) return undefined;
  const [were, are] = [partsOf(before), partsOf(now)];
  const without = (all: readonly SourceFile[], others: readonly SourceFile[]) => {
    const known = new Set(others.map(({ sha256 }) => sha256));
    return all.filter(({ sha256 }) => !known.has(sha256)).map(({ name }) => name);
  };
  const [gone, come] = [without(were, are), without(are, were)];
  const parts = [
    gone.length > 0 && `no longer there: ${quoteList(gone, 3)}`,
    come.length > 0 && `new or changed: ${quoteList(come, 3)}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join('; ') : 'the same contents in another order or number';
}

const partsOf = (source: SourceFiles): readonly SourceFile[] => source.files ?? [source];
