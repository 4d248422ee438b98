import { rm } from 'node:fs/promises';
import type { NamedArray } from '@rodpo/files';
import type { Variable } from '@tensorflow/tfjs-core';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { carriedNames } from './carried-names.ts';
import { allocate, checkInputs, checkState, disposedError } from './check-arrays.ts';
import type { CompiledProgram } from './compiled-program.ts';
import { type OperatorTime, readProfile } from './profile.ts';
import type { RunOptions, TensorSpec, TypedArray } from './program.ts';
import type { ProgramForm } from './program-form.ts';
import { keysName } from './record-uniform.ts';
import { writeProgram } from './saved-program.ts';
import type { Runtime } from './session.ts';
import { names } from './trace.ts';
import { streamKeys } from './uniform-stream.ts';
import { assignValues } from './variables.ts';

/** What a program is made of. */
export interface ProgramParts {
  readonly runtime: Runtime;
  readonly session: InferenceSession;
  readonly form: ProgramForm;
  /** The ONNX model, as `save` writes it. */
  readonly model: Uint8Array;
  /** What it carries at first, by name. */
  readonly values: Readonly<Record<string, TypedArray>>;
  /** Where values came from, by name; none for a program from a file. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** Where onnxruntime writes its profile, if it does. */
  readonly profileFolder: string | undefined;
}

type Arrays = Record<string, TypedArray>;

/** A program in one session of onnxruntime. */
export class NativeProgram implements CompiledProgram {
  readonly engine = 'onnxruntime';
  readonly nodeCount: number;
  /** Not the initial values, which need not outlive their use. */
  readonly #parts: Omit<ProgramParts, 'values'>;
  readonly #form: ProgramForm;
  /** Names that callers use, by the trace's. */
  readonly #shown: ReadonlyMap<string, string>;
  readonly #state = new Map<string, OrtTensor>();
  /** Buffers the next run writes the new state to; they change places with the state. */
  readonly #spare = new Map<string, OrtTensor>();
  #runCount = 0;
  #isDisposed = false;

  constructor({ values, ...parts }: ProgramParts) {
    this.#parts = parts;
    this.#form = parts.form;
    this.#shown = carriedNames(Object.keys(this.#form.carried));
    this.nodeCount = this.#form.nodeCount;
    for (const name of Object.keys(this.#form.carried)) this.#set(name, values[name]!);
    for (const name of this.#form.updated) {
      const spec = this.#form.carried[name]!;
      this.#spare.set(name, this.#tensor(spec, allocate(spec)));
    }
  }

  async run(inputs: Readonly<Arrays>, options: RunOptions = {}): Promise<Arrays> {
    this.#checkSettled();
    checkInputs(this.#form.inputs, inputs);
    const feeds = this.#feeds(inputs, options);
    this.#runCount++;
    try {
      const results = await this.#parts.session.run(feeds, this.#fetches());
      this.#exchangeState();
      return this.#outputs(results);
    } finally {
      this.#runCount--;
    }
  }

  #exchangeState(): void {
    for (const name of this.#form.updated) {
      const previous = this.#state.get(name)!;
      this.#state.set(name, this.#spare.get(name)!);
      this.#spare.set(name, previous);
    }
  }

  #outputs(results: InferenceSession.OnnxValueMapType): Arrays {
    return Object.fromEntries(
      Object.keys(this.#form.outputs).map((name) => [
        name,
        (results[names.output(name)] as OrtTensor).data as TypedArray,
      ]),
    );
  }

  /** Runs that change state share its buffers, so nothing may read or write them meanwhile. */
  #checkSettled(): void {
    if (this.#form.updated.length > 0) this.#checkIdle();
    else if (this.#isDisposed) throw disposedError();
  }

  #checkIdle(): void {
    if (this.#isDisposed) throw disposedError();
    if (this.#runCount === 0) return;
    const { updated } = this.#form;
    const why =
      updated.length === 0 ? '' : `, and its step changes state (${this.#listed(updated)})`;
    throw new Error(`The program is still running${why}. Await a run before the next call.`);
  }

  async state(): Promise<Record<string, NamedArray>> {
    this.#checkSettled();
    return Object.fromEntries(
      Object.entries(this.#form.carried).map(([name, { shape }]) => [
        this.#shown.get(name)!,
        { shape, data: this.#values(name).slice() },
      ]),
    );
  }

  load(state: Readonly<Record<string, NamedArray>>): void {
    this.#checkIdle();
    if (this.#form.isFrozen) {
      throw new Error('This program is frozen. Compile the step again with the new state.');
    }
    const shown = Object.entries(this.#form.carried).map(([name, spec]) => [
      this.#shown.get(name)!,
      spec,
    ]);
    checkState(Object.fromEntries(shown), state);
    for (const [name, shownName] of this.#shown) {
      if (Object.hasOwn(state, shownName)) this.#set(name, state[shownName]!.data);
    }
  }

  assignVariables(): void {
    this.#checkSettled();
    const { variables } = this.#parts;
    const missing = this.#form.variables.filter((name) => !Object.hasOwn(variables, name));
    if (missing.length > 0) {
      throw new Error(
        `This program is from a file, without the tf.Variables (${this.#listed(missing)}) that ` +
          'it was compiled with. Take their values from state().',
      );
    }
    for (const [name, variable] of Object.entries(variables)) {
      assignValues(variable, this.#values(name));
    }
  }

  async save(file: string): Promise<void> {
    this.#checkSettled();
    const { form, model } = this.#parts;
    const arrays = Object.entries(form.carried).map(([name, { shape }]) => {
      return [name, { shape, data: this.#values(name).slice() }] as const;
    });
    await writeProgram(file, { form, model, carried: Object.fromEntries(arrays) });
  }

  async profile(): Promise<OperatorTime[]> {
    this.#checkIdle();
    const { session, profileFolder } = this.#parts;
    if (profileFolder === undefined) {
      throw new Error('This program is not profiled. Compile the step with profile: true.');
    }
    session.endProfiling();
    return readProfile(profileFolder);
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#checkIdle();
    this.#isDisposed = true;
    const { session, profileFolder } = this.#parts;
    await session.release();
    this.#state.clear();
    this.#spare.clear();
    if (profileFolder) await rm(profileFolder, { recursive: true, force: true });
  }

  #set(name: string, data: TypedArray): void {
    this.#state.set(name, this.#tensor(this.#form.carried[name]!, data.slice()));
  }

  #values(name: string): TypedArray {
    return this.#state.get(name)!.data as TypedArray;
  }

  #listed(carried: readonly string[]): string {
    return carried.map((name) => this.#shown.get(name)!).join(', ');
  }

  #tensor({ dtype, shape }: TensorSpec, data: TypedArray): OrtTensor {
    return new this.#parts.runtime.Tensor(dtype, data, shape);
  }

  /** The inputs are copied: onnxruntime reads them later, and the caller may reuse its arrays. */
  #feeds(inputs: Readonly<Arrays>, options: RunOptions): Record<string, OrtTensor> {
    const { read, drawCount, isFrozen } = this.#form;
    const feeds: Record<string, OrtTensor> = {};
    for (const [name, spec] of Object.entries(this.#form.inputs)) {
      feeds[names.input(name)] = this.#tensor(spec, inputs[name]!.slice());
    }
    for (const name of isFrozen ? [] : read) feeds[names.state(name)] = this.#state.get(name)!;
    if (drawCount > 0) {
      const keys = Array.from({ length: drawCount }, (_, draw) => streamKeys(options, draw));
      const data = Uint32Array.from(keys.flat());
      feeds[keysName] = new this.#parts.runtime.Tensor('uint32', data, [drawCount, 2]);
    }
    return feeds;
  }

  #fetches(): Record<string, OrtTensor | null> {
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of Object.keys(this.#form.outputs)) fetches[names.output(name)] = null;
    for (const [name, tensor] of this.#spare) fetches[names.update(name)] = tensor;
    return fetches;
  }
}
