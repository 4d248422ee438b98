import {
  type DataId,
  type DataType,
  engine,
  KernelBackend,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { type Attribute, Graph } from './graph.ts';
import type { DType, TensorSpec, TypedArray } from './program.ts';
import { ReadInsideTraceError } from './trace-error.ts';

type BackendValues = Parameters<KernelBackend['write']>[0];

/** What the recorder knows of a tensor: its place in the graph, or how to make one when it is read. */
type Place =
  | { readonly name: string }
  | { readonly values: TypedArray; readonly dtype: DType }
  | { readonly record: () => string };

interface Entry {
  place: Place;
  /** Tensors that share it: a variable shares the data of what it was assigned. */
  references: number;
}

/**
 * A tfjs backend that computes nothing: every kernel call becomes ONNX nodes in `graph`, and a
 * tensor is a name in it. tfjs's own autodiff runs on top, so gradients are recorded alike.
 */
export class RecordingBackend extends KernelBackend {
  graph: Graph = new Graph();
  readonly #entries = new Map<DataId, Entry>();
  readonly #capturedNames = new Map<DataId, Map<string, string>>();
  /** Told of data that gets another owner; `trace` watches for new variables so. */
  onShare: () => void = () => {};

  /** The graph name of a tensor; one made from plain values becomes a constant. */
  name({ dataId, shape, dtype }: TensorInfo): string {
    const entry = this.#entries.get(dataId);
    if (!entry) return this.#captured(dataId, shape, dtype as DType);
    if ('name' in entry.place) return entry.place.name;
    const { place } = entry;
    const name =
      'record' in place
        ? place.record()
        : this.graph.constant(place.dtype, shape, bytesOf(place.values));
    entry.place = { name };
    return name;
  }

  /** A tensor made outside the trace: its values are read where they are, and stay there. */
  #captured(dataId: DataId, shape: readonly number[], dtype: DType): string {
    const names = this.#capturedNames.get(dataId) ?? new Map<string, string>();
    this.#capturedNames.set(dataId, names);
    const key = shape.join(); // tensors of different shapes may share their values
    const known = names.get(key);
    if (known !== undefined) return known;
    const values = engine().readSync(dataId) as TypedArray;
    const name = this.graph.constant(dtype, shape, bytesOf(values));
    names.set(key, name);
    return name;
  }

  /** Gives a graph value to tfjs. */
  info(name: string, shape: readonly number[], dtype: DataType): TensorInfo {
    return this.#made({ name }, shape, dtype);
  }

  /** A tensor whose place in the graph is made when it is first read. */
  deferred(record: () => string, { shape, dtype }: TensorSpec): Tensor {
    return engine().makeTensorFromTensorInfo(this.#made({ record }, shape, dtype));
  }

  #made(place: Place, shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = {};
    this.#entries.set(dataId, { place, references: 1 });
    return { dataId, shape: [...shape], dtype };
  }

  tensor(name: string, { shape, dtype }: TensorSpec): Tensor {
    return engine().makeTensorFromTensorInfo(this.info(name, shape, dtype));
  }

  /** Records one node and gives its output to tfjs. */
  emit(
    operator: string,
    inputs: readonly string[],
    { shape, dtype }: { shape: readonly number[]; dtype: DataType },
    attributes: Readonly<Record<string, Attribute>> = {},
  ): TensorInfo {
    return this.info(this.graph.apply(operator, inputs, attributes), shape, dtype);
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype);
    return dataId;
  }

  override move(dataId: DataId, values: BackendValues, _shape: number[], dtype: DataType): void {
    const numbers = values as ArrayLike<number>;
    // A copy: the caller may reuse its buffer before the constant is written.
    const copy =
      dtype === 'float32'
        ? Float32Array.from(numbers)
        : dtype === 'bool'
          ? Uint8Array.from(numbers)
          : Int32Array.from(numbers);
    this.#entries.set(dataId, { place: { values: copy, dtype: dtype as DType }, references: 1 });
  }

  override read(): never {
    throw new ReadInsideTraceError();
  }

  override readSync(): never {
    throw new ReadInsideTraceError();
  }

  override disposeData(dataId: DataId): boolean {
    const entry = this.#entries.get(dataId);
    if (entry && --entry.references > 0) return false;
    this.#entries.delete(dataId);
    return true;
  }

  /** Always 0: tfjs's leak check counts buffers, and a name in a graph is none. */
  override numDataIds(): number {
    return 0;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override incRef(dataId: DataId): void {
    const owner = engine().state.tensorInfo.get(dataId)?.backend ?? this;
    if (owner !== this)
      owner.incRef(dataId); // made outside the trace
    else this.#entries.get(dataId)!.references++;
    this.onShare();
  }
  decRef(dataId: DataId): void {
    const entry = this.#entries.get(dataId);
    if (entry) entry.references--;
  }
  override refCount(dataId: DataId): number {
    return this.#entries.get(dataId)?.references ?? 0;
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {
    this.#entries.clear();
    this.#capturedNames.clear();
    this.onShare = () => {};
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
