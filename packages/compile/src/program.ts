import type { NamedArray } from '@rodpo/files';
import type { Uniform } from '@rodpo/ops';
import type { Tensor } from '@tensorflow/tfjs-core';

export type NamedTensors = Record<string, Tensor>;
export type DType = 'float32' | 'int32' | 'bool';
export type TypedArray = NamedArray['data'];

/** What an input looks like; shapes are fixed when a step is compiled. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export interface StepContext {
  /** What `options.state` named: weights, optimiser moments. `tf.Variable`s are not in it. */
  readonly state: NamedTensors;
  /** What each run is given. */
  readonly inputs: NamedTensors;
  /**
   * The only source of randomness a step may use; each call is a new, independent draw of multiples
   * of 2^-24.
   */
  readonly uniform: Uniform;
}

export interface StepResult {
  /** What each run returns. */
  readonly outputs: NamedTensors;
  /** New values of some or all of the state, by name; what is not named stays as it is. */
  readonly state?: NamedTensors;
}

/**
 * A function in plain tfjs: no reading of values (`dataSync`), no randomness but `uniform`. It may
 * read and assign `tf.Variable`s, so tfjs's layers and optimisers work in it; the program carries
 * them from run to run under their own names, beside `state`. Both engines run it unchanged.
 */
export type StepFunction = (context: StepContext) => StepResult;

export interface ProgramOptions {
  /** Initial state, by name. Default: none. */
  readonly state?: Readonly<Record<string, NamedArray>>;
  /** Inputs of every run, by name. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
}

/** What determines every `uniform` draw of a run, with the draw's place among them. */
export interface RunOptions {
  /** Any safe integer. Default: 0. */
  readonly seed?: number;
  /** Which run of the seed this is: count it up, and a resumed training draws on. Default: 0. */
  readonly step?: number;
}

/** A step ready to run, with the state it carries. */
export interface Program {
  /** Which engine runs it, for logs. */
  readonly engine: string;
  /**
   * Runs the step once and moves the state on.
   *
   * @throws {TypeError} if an input is missing, unknown, or of the wrong type or size
   * @throws {RangeError} if `seed` or `step` is not a safe integer
   */
  run(
    inputs: Readonly<Record<string, TypedArray>>,
    options?: RunOptions,
  ): Promise<Record<string, TypedArray>>;
  /** A copy of the state and of the variables, for checkpoints or another program. */
  state(): Promise<Record<string, NamedArray>>;
  /** Replaces the state and variables named in `state`; the rest stays. */
  load(state: Readonly<Record<string, NamedArray>>): void;
  /**
   * Assigns what the program carries to the `tf.Variable`s it came from, so that a model trained
   * here can be used or saved by tfjs. The eager engine works on the variables themselves.
   */
  assignVariables(): void;
  /** Frees the session or the tensors. The program cannot run afterwards. */
  dispose(): Promise<void>;
}
