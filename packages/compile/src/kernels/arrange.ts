import type { OnnxType } from '../graph.ts';
import type { RecordingBackend } from '../recording-backend.ts';

/** Graph values, by name, in another order or form: what rules of several nodes are built with. */
export function reshaped(
  { graph }: RecordingBackend,
  name: string,
  shape: readonly number[],
): string {
  return graph.apply('Reshape', [name, graph.integers(shape)], { allowzero: 1 });
}

export function transposed(
  { graph }: RecordingBackend,
  name: string,
  perm: readonly number[],
): string {
  const isIdentity = perm.every((axis, place) => axis === place);
  return isIdentity ? name : graph.apply('Transpose', [name], { perm });
}

/** Adds zeros, or what `fill` names, around a value; a negative amount takes cells away. */
export function padded(
  { graph }: RecordingBackend,
  name: string,
  before: readonly number[],
  after: readonly number[],
  fill?: string,
): string {
  const amounts = [...before, ...after];
  if (amounts.every((amount) => amount === 0)) return name;
  return graph.apply('Pad', [name, graph.integers(amounts), ...(fill ? [fill] : [])]);
}

/** A bound beyond the front of every axis, since ONNX counts -1 from the end. */
export const beforeTheFirst: number = -(2 ** 31);

export interface SliceBounds {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Default: one step along each of the leading axes. */
  readonly steps?: readonly number[];
  /** Default: the leading axes. */
  readonly axes?: readonly number[];
}

export function sliced(
  { graph }: RecordingBackend,
  name: string,
  { starts, ends, axes = [...starts.keys()], steps = starts.map(() => 1) }: SliceBounds,
): string {
  const bounds = [starts, ends, axes, steps].map((values) => graph.integers(values));
  return graph.apply('Slice', [name, ...bounds]);
}

/** Consecutive parts of the given extents along an axis; a single one is the whole value. */
export function splitted(
  { graph }: RecordingBackend,
  name: string,
  sizes: readonly number[],
  axis: number,
): string[] {
  if (sizes.length === 1) return [name];
  const parts = sizes.map(() => graph.freshName());
  graph.add('Split', [name, graph.integers(sizes)], parts, { axis });
  return parts;
}

/** One value in every cell of `shape`. `value` names a scalar. */
export function filled(
  { graph }: RecordingBackend,
  value: string,
  shape: readonly number[],
): string {
  return graph.apply('Expand', [value, graph.integers(shape)]);
}

/** A constant table of numbers. */
export function table(
  { graph }: RecordingBackend,
  type: OnnxType,
  shape: readonly number[],
  values: readonly number[],
): string {
  return graph.constant(type, shape, new Uint8Array(arrayOf(type, values).buffer));
}

function arrayOf(type: OnnxType, values: readonly number[]) {
  if (type === 'float32') return Float32Array.from(values);
  if (type === 'float64') return Float64Array.from(values);
  if (type === 'int32') return Int32Array.from(values);
  return type === 'int64' ? BigInt64Array.from(values, BigInt) : Uint8Array.from(values);
}
