import {
  FileDamagedError,
  ifThere,
  type NamedArray,
  readSafetensors,
  writeSafetensors,
} from '@rodpo/files';
import type { Run } from './run.ts';

/** What a file of a run holds. It is kept in the file: files of the same shapes can be swapped. */
export interface Label {
  /** For instance `best weights`. */
  readonly holds: string;
  /** Of which stage or model. */
  readonly of: string;
  /** Of the run that made it (`Run.identity`). */
  readonly run: string;
}

export interface LabelledTensors {
  readonly tensors: Record<string, NamedArray>;
  /** Beside the label. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws {LockLostError} if the work is another process's now */
export async function saveTensors(
  { assertOwned }: Pick<Run, 'assertOwned'>,
  file: string,
  label: Label,
  { tensors, metadata }: LabelledTensors,
): Promise<void> {
  await assertOwned();
  await writeSafetensors(file, tensors, { ...metadata, ...label });
}

/**
 * What `saveTensors` wrote under the same label; undefined if there is no such file.
 *
 * @throws {FileDamagedError} if it is damaged, or is another file
 */
export async function loadTensors(
  file: string,
  label: Label,
): Promise<LabelledTensors | undefined> {
  const found = await ifThere(readSafetensors(file, { requireChecksum: true }));
  if (!found) return undefined;
  requireLabel(file, found.metadata, label);
  return found;
}

/** @throws {FileDamagedError} unless metadata have the label */
export function requireLabel(
  file: string,
  metadata: Readonly<Record<string, string>>,
  label: Label,
): void {
  const { holds, of, run } = metadata;
  if (holds === label.holds && of === label.of && run === label.run) return;
  const isOwn = run === label.run;
  throw new FileDamagedError(file, {
    problem:
      `expected ${label.holds} of ${label.of} of this run, got ${holds ?? 'what says nothing of it'}` +
      `${of === undefined ? '' : ` of ${of}`}${isOwn ? '' : ' of a run with other settings or data'}`,
    advice: 'Put the right file back, or delete this one and give the same command again.',
  });
}
