import { ActionableError } from '@rodpo/errors';

/**
 * What is wrong with a bundle: a file is `missing` or `damaged`, its `version` is another than this
 * package reads, it names a `path` outside of its folder, or the folder to write to `exists`.
 */
export type BundleProblem = 'missing' | 'damaged' | 'version' | 'path' | 'exists';

/** A folder that is no bundle, or is not as it was written. */
export class BundleError extends ActionableError {
  override readonly name = 'BundleError';
  readonly problem: BundleProblem;
  /** Path of the file that it is about. */
  readonly file: string;

  constructor(
    problem: BundleProblem,
    { file, message }: { readonly file: string; readonly message: string },
    options?: ErrorOptions,
  ) {
    super(`${file}: ${message}`, options);
    this.problem = problem;
    this.file = file;
  }
}

/** What helps against most damages. */
export const exportAgain = 'Restore the bundle from a copy, or export it again.';
