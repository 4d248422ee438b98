import {
  ifThere,
  type NamedArray,
  type ReadInto,
  readMetadata,
  readTensors,
  writeTensors,
} from '@rodpo/files';
import { type Label, requireLabel } from './label.ts';
import type { Run } from './run.ts';

export interface LabelledTensors {
  readonly tensors: Record<string, NamedArray>;
  /** Beside the label. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Saves them as one file, or as shards in its place if they are too large for one.
 *
 * @throws {LockLostError} if the work is another process's now
 */
export async function saveTensors(
  { assertOwned }: Pick<Run, 'assertOwned'>,
  file: string,
  label: Label,
  { tensors, metadata }: LabelledTensors,
): Promise<void> {
  await assertOwned();
  await writeTensors(file, tensors, { ...metadata, ...label });
}

/**
 * What `saveTensors` wrote under the same label; undefined if there is none.
 *
 * @throws {FileDamagedError} if it is damaged, or is another file; what was read into `into` is of no use then
 */
export async function loadTensors(
  file: string,
  label: Label,
  into: ReadInto = {},
): Promise<LabelledTensors | undefined> {
  const found = await ifThere(readTensors(file, { requireChecksum: true, ...into }));
  if (!found) return undefined;
  requireLabel(file, found.metadata, label);
  return found;
}

/** The texts alone of a file that is checked, but whose tensors are not kept; undefined if there is none. */
export async function loadTexts(
  file: string,
  label: Label,
): Promise<LabelledTensors['metadata'] | undefined> {
  const texts = await ifThere(readMetadata(file, { requireChecksum: true }));
  if (!texts) return undefined;
  requireLabel(file, texts, label);
  return texts;
}
