import { ActionableError, quote } from '@rodpo/errors';

/** A saved program is of a version that this one cannot read. */
export class ProgramVersionError extends ActionableError {
  override readonly name = 'ProgramVersionError';
  readonly file: string;
  /** What the file says of itself. */
  readonly version: string;
  /** The version that is read here. */
  readonly supported: string;

  constructor(file: string, version: string, supported: string) {
    super(
      `${file}: it holds a program of version ${quote(version)}, and version ` +
        `${quote(supported)} is read here. Compile the step again and save it, or use the ` +
        '@rodpo/compile that wrote the file.',
    );
    this.file = file;
    this.version = version;
    this.supported = supported;
  }
}
