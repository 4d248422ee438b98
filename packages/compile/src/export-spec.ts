import type { DType } from './program.ts';

/** An input of an exported model; a name in its shape stands for any extent. */
export interface ExportSpec {
  /** As `['batch', 50]`: one name at most in a model, in as many places as it takes. */
  readonly shape: readonly (number | string)[];
  /** Of each value: FLOAT, INT32 or BOOL in the file. */
  readonly dtype: DType;
}
