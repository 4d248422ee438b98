import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedArray } from '@rodpo/files';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { carriedNames } from './carried-names.ts';
import { allocate, checkInputs, checkState, disposedError, specsOf } from './check-arrays.ts';
import { initialiseVariables } from './initialise-variables.ts';
import { encodeModel } from './onnx-model.ts';
import { createProfileFolder, type OperatorTime, readProfile } from './profile.ts';
import type {
  InputSpecs,
  NamedTensors,
  Program,
  ProgramOptions,
  RunOptions,
  StepFunction,
  TensorSpec,
  TypedArray,
} from './program.ts';
import { pruned } from './prune.ts';
import { keysName } from './record-uniform.ts';
import { regrouped } from './regroup.ts';
import { withoutCopies } from './rewrite.ts';
import { createSession, loadRuntime, type Runtime, type SessionOptions } from './session.ts';
import { names, type Trace, trace } from './trace.ts';
import { streamKeys } from './uniform-stream.ts';
import { assignValues, readValues } from './variables.ts';
import { withWeights } from './with-weights.ts';

export interface CompileOptions<
  Inputs extends Readonly<Record<string, TensorSpec>> = Readonly<Record<string, TensorSpec>>,
> extends ProgramOptions<Inputs>,
    SessionOptions {
  /**
   * Whether state and variables never change: for inference. ONNX Runtime then computes what depends
   * on them alone once, and lays kernels out for its products. Default: false.
   */
  readonly frozen?: boolean;
}

/** A program in one native session. */
export interface CompiledProgram<
  Inputs extends InputSpecs = InputSpecs,
  Outputs extends Readonly<NamedTensors> = NamedTensors,
> extends Program<Inputs, Outputs> {
  /** Nodes of its graph, before onnxruntime's own rewriting. */
  readonly nodeCount: number;
  /**
   * Time per operator over all runs so far, longest first. Ends the profiling: call it once.
   *
   * @throws {Error} if the program was compiled without `profile: true`
   */
  profile(): Promise<OperatorTime[]>;
}

/**
 * Traces `step` once and gives it to ONNX Runtime: every run is one native call, gradients and
 * optimiser update included.
 *
 * The program starts from the values that `tf.Variable`s have now. A step that creates variables,
 * as a tfjs optimiser does the first time, is traced twice: its first trace creates them.
 *
 * @throws {UnsupportedKernelError} if the step uses a tfjs kernel without an ONNX form
 * @throws {ReadInsideTraceError} if the step reads a value
 * @throws {RandomInsideTraceError} if the step draws from `Math.random`
 * @throws {ExecutionProviderError} if onnxruntime cannot run on a provider asked for
 * @throws {TypeError} if the step returns state that the program does not carry, or any if `frozen`
 */
export async function compile<
  const Inputs extends Readonly<Record<string, TensorSpec>>,
  Outputs extends Readonly<NamedTensors>,
>(
  step: StepFunction<Inputs, Outputs>,
  options: CompileOptions<Inputs>,
): Promise<CompiledProgram<Inputs, Outputs>> {
  const state = options.state ?? {};
  const specs = specsOf(state);
  checkState(specs, state);
  const runtime = await loadRuntime();
  let traced = trace(step as StepFunction, specs, options.inputs);
  if (traced.created.size > 0) {
    await initialiseVariables(runtime, traced);
    traced = trace(step as StepFunction, specs, options.inputs);
    if (traced.created.size > 0) throw createsAlways(traced);
  }
  if (options.frozen) checkFrozen(traced);
  const graph = options.frozen ? withWeights(traced.graph, traced, state) : traced.graph;
  const folder = options.profile ? await createProfileFolder() : undefined;
  const prefix = folder === undefined ? undefined : join(folder, 'run');
  const session = await createSession(
    runtime,
    encodeModel(regrouped(pruned(withoutCopies(graph)))),
    options,
    prefix,
  );
  const program = new NativeProgram(runtime, session, traced, options, folder);
  program.start(state);
  return program as CompiledProgram<Inputs, Outputs>;
}

function createsAlways({ created }: Trace): Error {
  const made = [...created.keys()].map(({ name }) => name);
  for (const variable of created.keys()) variable.dispose();
  return new Error(
    `The step creates tf.Variables (${made.join(', ')}) each time it is called. ` +
      'Create variables once, outside of the step or in its first call.',
  );
}

function checkFrozen({ updated }: Trace): void {
  if (updated.length === 0) return;
  throw new TypeError(
    `The step changes state (${updated.join(', ')}), so it cannot be frozen. ` +
      'Compile it without frozen: true.',
  );
}

class NativeProgram implements CompiledProgram {
  readonly engine = 'onnxruntime';
  readonly nodeCount: number;
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #trace: Trace;
  readonly #inputSpecs: Readonly<Record<string, TensorSpec>>;
  readonly #profileFolder: string | undefined;
  /** Names that callers use, by the trace's. */
  readonly #shown: ReadonlyMap<string, string>;
  readonly #state = new Map<string, OrtTensor>();
  /** Buffers the next run writes the new state to; they change places with the state. */
  readonly #spare = new Map<string, OrtTensor>();
  readonly #isFrozen: boolean;
  #isRunning = false;
  #isDisposed = false;

  constructor(
    runtime: Runtime,
    session: InferenceSession,
    traced: Trace,
    { inputs, frozen = false }: CompileOptions,
    profileFolder: string | undefined,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#trace = traced;
    this.#inputSpecs = inputs;
    this.#isFrozen = frozen;
    this.#profileFolder = profileFolder;
    this.#shown = carriedNames(Object.keys(traced.carried));
    this.nodeCount = traced.graph.nodes.length;
    for (const name of traced.updated) {
      const spec = traced.carried[name]!;
      this.#spare.set(name, this.#tensor(spec, allocate(spec)));
    }
  }

  async run(
    inputs: Readonly<Record<string, TypedArray>>,
    options: RunOptions = {},
  ): Promise<Record<string, TypedArray>> {
    this.#checkIdle();
    checkInputs(this.#inputSpecs, inputs);
    const feeds = this.#feeds(inputs, options);
    this.#isRunning = true;
    try {
      const results = await this.#session.run(feeds, this.#fetches());
      this.#exchangeState();
      return this.#outputs(results);
    } finally {
      this.#isRunning = false;
    }
  }

  #exchangeState(): void {
    for (const name of this.#trace.updated) {
      const previous = this.#state.get(name)!;
      this.#state.set(name, this.#spare.get(name)!);
      this.#spare.set(name, previous);
    }
  }

  #outputs(results: InferenceSession.OnnxValueMapType): Record<string, TypedArray> {
    return Object.fromEntries(
      Object.keys(this.#trace.outputs).map((name) => [
        name,
        (results[names.output(name)] as OrtTensor).data as TypedArray,
      ]),
    );
  }

  /** Runs share buffers, so they cannot overlap. */
  #checkIdle(): void {
    if (this.#isDisposed) throw disposedError();
    if (this.#isRunning) {
      throw new Error('The program is still running. Await a run before the next call.');
    }
  }

  /** Takes the initial state, and the values that the variables have now. */
  start(state: Readonly<Record<string, NamedArray>>): void {
    for (const [name, { data }] of Object.entries(state)) this.#set(name, data);
    for (const [name, variable] of Object.entries(this.#trace.variables)) {
      this.#set(name, readValues(variable));
    }
  }

  async state(): Promise<Record<string, NamedArray>> {
    this.#checkIdle();
    return Object.fromEntries(
      Object.entries(this.#trace.carried).map(([name, { shape }]) => [
        this.#shown.get(name)!,
        { shape, data: this.#values(name).slice() },
      ]),
    );
  }

  load(state: Readonly<Record<string, NamedArray>>): void {
    this.#checkIdle();
    if (this.#isFrozen) {
      throw new Error('This program is frozen. Compile the step again with the new state.');
    }
    const shown = Object.entries(this.#trace.carried).map(([name, spec]) => [
      this.#shown.get(name)!,
      spec,
    ]);
    checkState(Object.fromEntries(shown), state);
    for (const [name, shownName] of this.#shown) {
      if (Object.hasOwn(state, shownName)) this.#set(name, state[shownName]!.data);
    }
  }

  assignVariables(): void {
    this.#checkIdle();
    for (const [name, variable] of Object.entries(this.#trace.variables)) {
      assignValues(variable, this.#values(name));
    }
  }

  async profile(): Promise<OperatorTime[]> {
    this.#checkIdle();
    if (this.#profileFolder === undefined) {
      throw new Error('This program is not profiled. Compile the step with profile: true.');
    }
    this.#session.endProfiling();
    return readProfile(this.#profileFolder);
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#checkIdle();
    this.#isDisposed = true;
    await this.#session.release();
    this.#state.clear();
    this.#spare.clear();
    if (this.#profileFolder) await rm(this.#profileFolder, { recursive: true, force: true });
  }

  #set(name: string, data: TypedArray): void {
    this.#state.set(name, this.#tensor(this.#trace.carried[name]!, data.slice()));
  }

  #values(name: string): TypedArray {
    return this.#state.get(name)!.data as TypedArray;
  }

  #tensor({ dtype, shape }: TensorSpec, data: TypedArray): OrtTensor {
    return new this.#runtime.Tensor(dtype, data, shape);
  }

  #feeds(
    inputs: Readonly<Record<string, TypedArray>>,
    options: RunOptions,
  ): Record<string, OrtTensor> {
    const feeds: Record<string, OrtTensor> = {};
    for (const [name, spec] of Object.entries(this.#inputSpecs)) {
      feeds[names.input(name)] = this.#tensor(spec, inputs[name]!);
    }
    const read = this.#isFrozen ? [] : this.#trace.read;
    for (const name of read) feeds[names.state(name)] = this.#state.get(name)!;
    const { drawCount } = this.#trace;
    if (drawCount > 0) {
      const keys = Array.from({ length: drawCount }, (_, draw) => streamKeys(options, draw));
      const data = Uint32Array.from(keys.flat());
      feeds[keysName] = new this.#runtime.Tensor('uint32', data, [drawCount, 2]);
    }
    return feeds;
  }

  #fetches(): Record<string, OrtTensor | null> {
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of Object.keys(this.#trace.outputs)) fetches[names.output(name)] = null;
    for (const [name, tensor] of this.#spare) fetches[names.update(name)] = tensor;
    return fetches;
  }
}
