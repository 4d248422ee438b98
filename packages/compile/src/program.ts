import type { Tensor } from '@tensorflow/tfjs-core';

export type NamedTensors = Record<string, Tensor>;
export type DType = 'float32' | 'int32' | 'bool';
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** What an input looks like; shapes are fixed when a step is compiled. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** A tensor outside any engine: `data` holds `shape`'s product of values, row-major. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** Draws a float32 tensor of the given shape, uniform in [0, 1). */
export type Uniform = (shape: readonly number[]) => Tensor;

export interface StepContext {
  /** What the program carries from run to run: weights, optimiser moments. */
  readonly state: NamedTensors;
  /** What each run is given. */
  readonly inputs: NamedTensors;
  /** The only source of randomness a step may use; each call is a new, independent draw. */
  readonly uniform: Uniform;
}

export interface StepResult {
  /** What each run returns. */
  readonly outputs: NamedTensors;
  /** New values of some or all of the state, by name; what is not named stays as it is. */
  readonly state?: NamedTensors;
}

/**
 * A pure function in plain tfjs: no variables, no reading of values (`dataSync`), no randomness
 * but `uniform`. Both engines run it unchanged.
 */
export type StepFunction = (context: StepContext) => StepResult;

/** Fills `target` with numbers in [0, 1) that depend only on `seed` and `draw`. */
export type Noise = (target: Float32Array, seed: number, draw: number) => void;

export interface ProgramOptions {
  /** Initial state, by name. Default: none. */
  readonly state?: Readonly<Record<string, NamedArray>>;
  /** Inputs of every run, by name. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** Fills what `uniform` draws. Needed only by a step that calls `uniform`. */
  readonly noise?: Noise;
}

/** A step ready to run, with the state it carries. */
export interface Program {
  /** Which engine runs it, for logs. */
  readonly engine: string;
  /**
   * Runs the step once and moves the state on. `seed` determines every `uniform` draw.
   *
   * @throws {TypeError} if an input is missing, unknown, or of the wrong type or size
   */
  run(
    inputs: Readonly<Record<string, TypedArray>>,
    seed?: number,
  ): Promise<Record<string, TypedArray>>;
  /** A copy of the state, for checkpoints or another program. */
  state(): Promise<Record<string, NamedArray>>;
  /** Replaces the state named in `state`; the rest stays. */
  load(state: Readonly<Record<string, NamedArray>>): void;
  /** Frees the session or the tensors. The program cannot run afterwards. */
  dispose(): Promise<void>;
}
