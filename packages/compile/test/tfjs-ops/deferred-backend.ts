import {
  type DataId,
  type DataType,
  type KernelBackend,
  registerBackend,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import * as kernelNames from '@tensorflow/tfjs-core/dist/kernel_names.js';
import { Graph } from '../../src/graph.ts';
import { kernelRules } from '../../src/kernels/index.ts';
import type { DType, TensorSpec } from '../../src/program.ts';
import { RecordingBackend } from '../../src/recording-backend.ts';
import { UnsupportedKernelError } from '../../src/trace-error.ts';
import { evaluate } from './evaluate.ts';

type Values = Parameters<KernelBackend['write']>[0];

export const backendName = 'rodpo-deferred';

/** What the current test asked for and no rule gave: kernels, some for one type only. */
export const refused: Set<string> = new Set();

/** How many graphs the current test has run. */
export const runs: { count: number } = { count: 0 };

/**
 * Records as a trace does, but lets a test read: a read runs the part of the graph that the value
 * needs.
 */
export class DeferredBackend extends RecordingBackend {
  readonly #written = new Map<DataId, Values>();
  readonly #recorded = new Map<DataId, { name: string; spec: TensorSpec }>();

  /** Forgets everything recorded. */
  restart(): void {
    this.dispose();
    this.graph = new Graph();
  }

  override info(name: string, shape: readonly number[], dtype: DataType): TensorInfo {
    const info = super.info(name, shape, dtype);
    this.#recorded.set(info.dataId, { name, spec: { shape, dtype: dtype as DType } });
    return info;
  }

  override move(dataId: DataId, values: Values, shape: number[], dtype: DataType): void {
    super.move(dataId, dtype === 'string' ? [] : values, shape, dtype); // a graph has no strings
    this.#written.set(dataId, values);
  }

  // @ts-expect-error: a recorder refuses reads, so it returns nothing
  override async read(dataId: DataId): Promise<Values> {
    return this.readSync(dataId);
  }

  // @ts-expect-error: as above
  override readSync(dataId: DataId): Values {
    const values = this.#written.get(dataId);
    if (values) return values;
    const { name, spec } = this.#recorded.get(dataId)!;
    runs.count++;
    return evaluate(this.graph, name, spec);
  }

  override disposeData(dataId: DataId): boolean {
    if (!super.disposeData(dataId)) return false;
    this.#written.delete(dataId);
    this.#recorded.delete(dataId);
    return true;
  }

  override dispose(): void {
    super.dispose();
    this.#written.clear();
    this.#recorded.clear();
  }
}

/** Registers the backend under every kernel name there is, so that a missing rule is noticed. */
export function registerDeferredBackend(): void {
  registerBackend(backendName, () => new DeferredBackend(), 0);
  const named = Object.values(kernelNames).filter((name) => typeof name === 'string');
  for (const kernelName of new Set([...named, ...Object.keys(kernelRules)])) {
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        record(kernelName, backend as RecordingBackend, inputs as never, attrs),
    });
  }
}

function record(
  kernelName: string,
  recorder: RecordingBackend,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: object | undefined,
): TensorInfo | TensorInfo[] {
  try {
    const rule = kernelRules[kernelName];
    if (!rule) throw new UnsupportedKernelError(kernelName);
    const isText = Object.values(inputs).some((input) => input?.dtype === 'string');
    if (isText) throw new UnsupportedKernelError(kernelName, ' of strings');
    return rule(recorder, inputs, attributes ?? {});
  } catch (error) {
    if (error instanceof UnsupportedKernelError) {
      const [, kernel, detail] = /kernel '(\w+)'(.*) cannot be compiled/.exec(error.message)!;
      refused.add(detail === ' of strings' ? 'strings' : `${kernel}${detail}`);
    }
    throw error;
  }
}
