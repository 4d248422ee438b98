import { FileDamagedError } from '../file-damaged-error.ts';

/** A file that is no complete safetensors file as it was written. */
export class SafetensorsError extends FileDamagedError {
  override readonly name = 'SafetensorsError';
  /** What is wrong, without the file's name and what to do. */
  readonly problem: string;

  constructor(file: string, problem: string) {
    super(file, { problem, advice });
    this.problem = problem;
  }
}

const advice =
  'Expected a complete safetensors file, as it was written: restore it from a copy, or delete it ' +
  'and make it again.';
