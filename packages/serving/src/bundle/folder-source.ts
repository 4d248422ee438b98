import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import {
  isMissing,
  openSafetensors,
  readJsonLines,
  readSealedJson,
  sha256OfFile,
} from '@rodpo/files';
import { BundleError, exportAgain } from './bundle-error.ts';
import type { BundleSource, BundleTensors } from './bundle-source.ts';
import { type ListedFile, manifestFile } from './manifest.ts';
import { changed, outside } from './require-listed.ts';

/** A bundle in a folder. */
export function folderSource(folder: string): BundleSource {
  const nameOf = (path: string) => join(folder, path);
  return {
    nameOf,
    manifest: () => readFields(folder),
    find: async (files) => {
      const home = await realpath(folder);
      for (const file of files) await findFile({ folder, home }, file);
    },
    check: async (files) => {
      for (const { path, sha256 } of files) {
        if ((await sha256OfFile(nameOf(path))) !== sha256) throw changed(nameOf(path));
      }
    },
    bytes: (path) => readFile(nameOf(path)),
    lines: (path) => readJsonLines(nameOf(path)),
    tensors: (path) => openTensors(nameOf(path)),
  };
}

async function readFields(folder: string): Promise<Record<string, unknown>> {
  const file = join(folder, manifestFile);
  return readSealedJson(file, exportAgain).catch((cause: unknown) => {
    if (isMissing(cause)) {
      const message = `there is no such file. ${folder} is no bundle: name a folder that 'rodpo export' or writeBundle made.`;
      throw new BundleError('missing', { file, message }, { cause });
    }
    const message = `it is damaged. ${exportAgain}`;
    throw new BundleError('damaged', { file, message }, { cause });
  });
}

interface Place {
  readonly folder: string;
  /** The folder itself, where `folder` is a link to it. */
  readonly home: string;
}

async function findFile({ folder, home }: Place, { path }: ListedFile): Promise<void> {
  const file = join(home, path);
  try {
    // A link has a harmless name, and may lead anywhere.
    const way = relative(home, await realpath(file));
    if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    const message = `it is missing. ${exportAgain}`;
    throw new BundleError('missing', { file, message }, { cause });
  }
  throw outside(path, join(folder, manifestFile));
}

async function openTensors(file: string): Promise<BundleTensors> {
  const opened = await openSafetensors(file);
  const shapes = new Map(opened.tensors.map(({ name, shape }) => [name, shape]));
  return {
    shapes,
    read: async (name, kind) => {
      const length = shapes.get(name)!.reduce((product, extent) => product * extent, 1);
      const numbers = new kind(length);
      await opened.read(name, numbers);
      return numbers;
    },
    close: () => opened.close(),
  };
}
