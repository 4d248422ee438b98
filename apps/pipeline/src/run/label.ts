import { FileDamagedError } from '@rodpo/files';

/** What a file of a run holds. It is kept in the file: files of the same shapes can be swapped. */
export interface Label {
  /** For instance `the best weights`. */
  readonly holds: string;
  /** Of which stage or model. */
  readonly of: string;
  /** Of the run that made it (`Run.identity`). */
  readonly run: string;
}

/** @throws {FileDamagedError} unless what was found in the file is the label */
export function requireLabel(
  file: string,
  { holds, of, run }: { readonly [Part in keyof Label]?: unknown },
  label: Label,
): void {
  if (holds === label.holds && of === label.of && run === label.run) return;
  const found = holds === undefined || of === undefined ? 'another file' : `${holds} of ${of}`;
  const whose = run === label.run ? '' : ' of a run with other settings or data';
  throw new FileDamagedError(file, {
    problem: `expected ${label.holds} of ${label.of} of this run, got ${found}${whose}`,
    advice: 'Put the right file back, or delete this one and give the same command again.',
  });
}
