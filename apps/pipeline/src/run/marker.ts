import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteList } from '@rodpo/errors';
import {
  FileDamagedError,
  ifThere,
  isPartial,
  readSealedJson,
  sealed,
  writeFirst,
  writeSealedJson,
} from '@rodpo/files';
import { z } from 'zod';
import { ConfigError } from '../config/config.ts';

/** The file that makes a folder ours. It is the first one that we write to it. */
export const markerFile = '.rodpo.json';

const advice =
  'Restore it from a copy. Without it nothing says that the folder is ours: choose another --output, ' +
  'or delete the folder yourself.';

const sourceFile = z.strictObject({ name: z.string(), bytes: z.int(), sha256: z.string() });
/** Several files are described as one, and each by itself. */
const sourceFiles = sourceFile.extend({ files: z.array(sourceFile).min(2).exactOptional() });

const schema = z.strictObject({
  kind: z.enum(['run', 'comparison']),
  /** Of the folder's layout; another one is refused. */
  format: z.literal(1),
  /** Of this folder and no other, on whatever machine it is opened and whatever it is called. */
  id: z.string(),
  /** The files of interactions that a run reads; null where it reads none or has not seen it. */
  data: sourceFiles.nullable(),
});

export type Marker = z.output<typeof schema>;
/** A file by its content: its name is there for messages. */
export type SourceFile = z.output<typeof sourceFile>;
export type SourceFiles = z.output<typeof sourceFiles>;

/**
 * The marker of a folder; undefined if there is nothing in the folder, or no such folder.
 *
 * @throws {ConfigError} if the folder holds what is not ours, or is of another kind
 */
export async function readMarker(
  folder: string,
  kind: Marker['kind'],
): Promise<Marker | undefined> {
  const marker = await ifThere(readSealedJson(join(folder, markerFile), advice));
  if (marker) return checked(folder, kind, marker);
  const names = ((await ifThere(readdir(folder))) ?? []).filter((name) => !isPassing(name));
  if (names.length === 0) return undefined;
  throw new ConfigError(
    `${folder} is not empty and has no ${markerFile}: it holds ${quoteList(names, 3)}, and nothing says ` +
      `that a ${kind} of ours made it. Nothing was changed. Choose another --output. If it is a ` +
      `${kind} of an earlier version, delete the folder yourself.`,
  );
}

function checked(folder: string, kind: Marker['kind'], value: object): Marker {
  const file = join(folder, markerFile);
  const { data: marker } = schema.safeParse(value);
  if (!marker) {
    const problem = `expected the marker of a ${kind}, of format 1, got what has ${quoteList(Object.keys(value))}`;
    throw new FileDamagedError(file, { problem, advice });
  }
  if (marker.kind === kind) return marker;
  throw new ConfigError(`${folder} holds a ${marker.kind}, no ${kind}. Choose another --output.`);
}

/** Makes the marker of an empty folder; of several processes at once, one does. */
export async function makeMarker(folder: string, kind: Marker['kind']): Promise<Marker> {
  const marker: Marker = { kind, format: 1, id: randomUUID(), data: null };
  await writeFirst(join(folder, markerFile), `${JSON.stringify(sealed(marker), null, 2)}\n`);
  return (await readMarker(folder, kind))!;
}

export async function writeMarker(folder: string, marker: Marker): Promise<void> {
  await writeSealedJson(join(folder, markerFile), marker);
}

/** Locks and unfinished files come and go; there may be some before the marker. */
function isPassing(name: string): boolean {
  return name === '.lock' || name.startsWith('.lock.') || isPartial(name);
}
