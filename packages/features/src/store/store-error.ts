import { ActionableError } from '@rodpo/errors';
/** A folder that is not the store that was expected: damaged, unfinished, or of something else. */
export class StoreError extends ActionableError {
  override readonly name = 'StoreError';
  readonly folder: string;
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;

  constructor(folder: string, problem: string, remedy: string, options?: ErrorOptions) {
    super(`${folder}: ${problem}. ${remedy}`, options);
    this.folder = folder;
    this.problem = problem;
    this.remedy = remedy;
  }
}
