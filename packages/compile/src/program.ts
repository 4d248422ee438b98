import type { NamedArray } from '@rodpo/files';
import type { Uniform } from '@rodpo/ops';
import type { Tensor } from '@tensorflow/tfjs-core';

export type NamedTensors = Record<string, Tensor>;
export type DType = keyof ArrayTypes;
export type TypedArray = NamedArray['data'];

/** The array that holds the values of each dtype; a bool is a byte, 0 or 1. */
export interface ArrayTypes {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly bool: Uint8Array;
}

/** What an input looks like; shapes are fixed when a step is compiled. */
export interface TensorSpec {
  /** Extents, outermost first; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Of each value. It decides which array a run takes: see `ArrayTypes`. */
  readonly dtype: DType;
}

/**
 * What a program takes, by name. Where the names are known when it is written, they and the dtypes
 * are part of its type; in a `Record<string, TensorSpec>` any name will do, until a run is checked.
 */
export type InputSpecs = Readonly<Record<string, Pick<TensorSpec, 'dtype'>>>;

/** The tensors that a step is given, under the names of its inputs. */
export type InputTensors<Inputs extends InputSpecs> = {
  readonly [Name in keyof Inputs]: Tensor;
};

/** The arrays that a run is given: each input's, of the type that fits its dtype. */
export type InputArrays<Inputs extends InputSpecs> = string extends keyof Inputs
  ? Readonly<Record<string, TypedArray>>
  : { readonly [Name in keyof Inputs]: ArrayTypes[Inputs[Name]['dtype']] };

/** The arrays that a run returns, under the names that the step gave them. */
export type OutputArrays<Outputs extends Readonly<NamedTensors>> = {
  [Name in keyof Outputs]: TypedArray;
};

export interface StepContext<Inputs extends InputSpecs = InputSpecs> {
  /** What `options.state` named: weights, optimiser moments. `tf.Variable`s are not in it. */
  readonly state: NamedTensors;
  /** What each run is given. */
  readonly inputs: InputTensors<Inputs>;
  /**
   * The only source of randomness a step may use; each call is a new, independent draw of multiples
   * of 2^-24.
   */
  readonly uniform: Uniform;
}

export interface StepResult<Outputs extends Readonly<NamedTensors> = NamedTensors> {
  /** What each run returns. */
  readonly outputs: Outputs;
  /** New values of some or all of the state, by name; what is not named stays as it is. */
  readonly state?: NamedTensors;
}

/**
 * A function in plain tfjs: no reading of values (`dataSync`), no randomness but `uniform`. It may
 * read and assign `tf.Variable`s, so tfjs's layers and optimisers work in it; the program carries
 * them from run to run under their own names, beside `state`. Both engines run it unchanged.
 */
export type StepFunction<
  Inputs extends InputSpecs = InputSpecs,
  Outputs extends Readonly<NamedTensors> = NamedTensors,
> = (context: StepContext<Inputs>) => StepResult<Outputs>;

export interface ProgramOptions<
  Inputs extends Readonly<Record<string, TensorSpec>> = Readonly<Record<string, TensorSpec>>,
> {
  /** Initial state, by name. Default: none. */
  readonly state?: Readonly<Record<string, NamedArray>>;
  /** Inputs of every run, by name. */
  readonly inputs: Inputs;
}

/** What determines every `uniform` draw of a run, with the draw's place among them. */
export interface RunOptions {
  /** Any safe integer. Default: 0. */
  readonly seed?: number;
  /** Which run of the seed this is: count it up, and a resumed training draws on. Default: 0. */
  readonly step?: number;
}

/** A step ready to run, with the state it carries. */
export interface Program<
  Inputs extends InputSpecs = InputSpecs,
  Outputs extends Readonly<NamedTensors> = NamedTensors,
> {
  /** Which engine runs it, for logs. */
  readonly engine: string;
  /**
   * Runs the step once and moves the state on. The inputs are copied before it returns.
   *
   * Where the step changes no state, several runs may be under way at once, and each has the result
   * that it has alone. Where it does, a compiled program refuses a run before the last one has ended,
   * and an eager one makes them in the order of the calls.
   *
   * @throws {TypeError} if an input is missing, unknown, or of the wrong type or size
   * @throws {RangeError} if `seed` or `step` is not a safe integer
   * @throws {Error} if a compiled program that changes state is running, or it was disposed of
   */
  run(inputs: InputArrays<Inputs>, options?: RunOptions): Promise<OutputArrays<Outputs>>;
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
