/** A parameter before training. */
export interface InitialArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
