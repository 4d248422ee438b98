import { readSealedJson, writeSealedJson } from '@rodpo/files';
import { requireLabel } from './label.ts';
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
  const label = { holds: 'figures', of: name, run: identity.run };
  requireLabel(file, { holds: 'figures', of: model, run }, label);
  return figures as Figures;
}
