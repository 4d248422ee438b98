import { FileDamagedError, readSealedJson, writeSealedJson } from '@rodpo/files';
import type { Run } from './run.ts';

/**
 * Writes figures of one model or trial, with what they are of and a checksum.
 *
 * @throws {LockLostError} if the work is another process's now
 */
export async function writeResult(
  { identity, assertOwned }: Run,
  file: string,
  name: string,
  figures: object,
): Promise<void> {
  await assertOwned();
  await writeSealedJson(file, { ...figures, model: name, run: identity.run });
}

/** What `writeResult` wrote. @throws {FileDamagedError} if it is damaged, or of something else */
export async function readResult<Figures extends object>(
  { identity }: Run,
  file: string,
  name: string,
): Promise<Figures> {
  const { model, run, ...figures } = await readSealedJson(file);
  if (model === name && run === identity.run) return figures as Figures;
  const other = run === identity.run ? '' : ' of a run with other settings or data';
  throw new FileDamagedError(file, {
    problem: `expected figures of ${name} of this run, got those of ${String(model)}${other}`,
    advice: 'Put the right file back, or delete this one and give the same command again.',
  });
}
