import { ActionableError } from '@rodpo/errors';

/** What to do about a file that a program wrote. */
const defaultAdvice =
  'Restore it from a copy, or delete it and let the program that wrote it write it again.';

export interface FileDamage {
  /** What was expected and what came, as words that follow the file's name. */
  readonly problem: string;
  /** From 1, where the damage is in one line. */
  readonly line?: number | undefined;
  /** What to do, as a sentence. Default: to restore it, or to have it written again. */
  readonly advice?: string | undefined;
}

/** A file that is not as it was written. The message begins `file: ` or `file:line: `. */
export class FileDamagedError extends ActionableError {
  override readonly name: string = 'FileDamagedError';
  readonly file: string;
  readonly line: number | undefined;

  constructor(
    file: string,
    { problem, line, advice = defaultAdvice }: FileDamage,
    options?: ErrorOptions,
  ) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${problem}. ${advice}`, options);
    this.file = file;
    this.line = line;
  }
}
