import { ifThere, type NamedArray, readTensors, writeTensors } from '@rodpo/files';
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
 * @throws {FileDamagedError} if it is damaged, or is another file
 */
export async function loadTensors(
  file: string,
  label: Label,
): Promise<LabelledTensors | undefined> {
  const found = await ifThere(readTensors(file, { requireChecksum: true }));
  if (!found) return undefined;
  requireLabel(file, found.metadata, label);
  return found;
}
