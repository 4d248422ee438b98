import { copyFile, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { deriveSeed, seededRandom } from '@rodpo/random';

/** What may happen to one file of a folder. */
export interface Damage {
  /** For instance `results/hard.json: a bit of its end flipped`. */
  readonly name: string;
  readonly file: string;
  readonly kind: 'flipped' | 'cut' | 'emptied' | 'removed' | 'swapped';
  apply(folder: string): Promise<void>;
}

/** Every file below a folder, its path relative to that. */
export async function filesOf(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const isFile = found.filter((entry) => entry.isFile());
  return isFile.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}

/** Everything that happens to each of the files: bits come from a seed of the file's name. */
export function damagesOf(files: readonly string[]): Damage[] {
  return files.flatMap((file) => [
    ...(['beginning', 'middle', 'end'] as const).map((part) => flipped(file, part)),
    // One byte would be the newline of a text, which nobody needs.
    cut(file, 'its last two bytes', (length) => length - 2),
    cut(file, 'its second half', (length) => length >> 1),
    { ...of(file, 'emptied', 'emptied'), apply: (folder) => truncate(join(folder, file), 0) },
    { ...of(file, 'removed', 'removed'), apply: (folder) => rm(join(folder, file)) },
    ...neighbours(file, files).map((other) => swapped(file, other)),
  ]);
}

function of(file: string, kind: Damage['kind'], what: string): Omit<Damage, 'apply'> {
  return { file, kind, name: `${file}: ${what}` };
}

/** Of the first and last 64 bytes, which hold headers, checksums and numbers, or of what lies between. */
function flipped(file: string, part: 'beginning' | 'middle' | 'end'): Damage {
  return {
    ...of(file, 'flipped', `a bit of its ${part} flipped`),
    apply: async (folder) => {
      const bytes = await readFile(join(folder, file));
      const random = seededRandom(deriveSeed(7, `${file} ${part}`));
      const edge = Math.min(64, bytes.length / 3);
      const [from, to] = {
        beginning: [0, edge],
        middle: [edge, bytes.length - edge],
        end: [bytes.length - edge, bytes.length],
      }[part] as [number, number];
      bytes[Math.floor(from + random() * (to - from))]! ^= 1 << Math.floor(random() * 8);
      await writeFile(join(folder, file), bytes);
    },
  };
}

function cut(file: string, what: string, left: (length: number) => number): Damage {
  return {
    ...of(file, 'cut', `without ${what}`),
    apply: async (folder) => {
      const { length } = await readFile(join(folder, file));
      await truncate(join(folder, file), left(length));
    },
  };
}

/** The next file of the same kind in the same folder, and the next one in another. */
function neighbours(file: string, files: readonly string[]): string[] {
  const alike = files.filter((other) => other > file && extname(other) === extname(file));
  const beside = alike.find((other) => dirname(other) === dirname(file));
  const elsewhere = alike.find((other) => dirname(other) !== dirname(file));
  return [beside, elsewhere].filter((other) => other !== undefined);
}

function swapped(file: string, other: string): Damage {
  return {
    ...of(file, 'swapped', `swapped with ${other}`),
    apply: async (folder) => {
      const aside = join(folder, `${file}.aside`);
      await copyFile(join(folder, file), aside);
      await copyFile(join(folder, other), join(folder, file));
      await rename(aside, join(folder, other));
    },
  };
}
