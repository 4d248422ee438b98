import {
  FileDamagedError,
  type NamedArrays,
  readSafetensors,
  writeSafetensors,
} from '@rodpo/files';
import type { ProgramForm } from './program-form.ts';
import { ProgramVersionError } from './program-version-error.ts';

/** To be raised with whatever makes older programs read a new file wrongly, or the other way round. */
const version = '1';
const format = 'rodpo-program';

/** Names in the file: a prefix keeps what is carried apart from the graph. */
const graphName = 'graph';
const carriedPrefix = 'carried/';

export interface SavedProgram {
  readonly form: ProgramForm;
  /** An ONNX model; if it is frozen, without what it carries. */
  readonly model: Uint8Array;
  /** By the names that the form has. */
  readonly carried: NamedArrays;
}

export async function writeProgram(
  file: string,
  { form, model, carried }: SavedProgram,
): Promise<void> {
  const named = Object.entries(carried).map(([name, array]) => [carriedPrefix + name, array]);
  const graph = { shape: [model.length], data: model };
  const tensors = { [graphName]: graph, ...Object.fromEntries(named) };
  await writeSafetensors(file, tensors, { format, version, form: JSON.stringify(form) });
}

/**
 * @throws {ProgramVersionError} if the file is of another version
 * @throws {FileDamagedError} if it is no saved program, or not as it was written
 */
export async function readProgram(file: string): Promise<SavedProgram> {
  const { tensors, metadata } = await readSafetensors(file, { requireChecksum: true });
  if (metadata.format !== format) throw new FileDamagedError(file, noProgram);
  if (metadata.version !== version) {
    throw new ProgramVersionError(file, metadata.version ?? '', version);
  }
  const form = JSON.parse(metadata.form!) as ProgramForm;
  const carried = Object.keys(form.carried).map((name) => [name, tensors[carriedPrefix + name]!]);
  const model = tensors[graphName]!.data as Uint8Array;
  return { form, model, carried: Object.fromEntries(carried) };
}

const noProgram = {
  problem: 'it is a safetensors file, but not one that a program was saved in',
  advice: 'Give the path that was given to save.',
};
