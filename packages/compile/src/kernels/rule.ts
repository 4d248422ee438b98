import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { OnnxType } from '../graph.ts';
import { elementTypes } from '../onnx-model.ts';
import type { RecordingBackend } from '../recording-backend.ts';
import { UnsupportedKernelError } from '../trace-error.ts';

/** How one tfjs kernel is written in ONNX. */
export type KernelRule = (
  recorder: RecordingBackend,
  // biome-ignore lint/suspicious/noExplicitAny: tfjs types inputs and attributes per kernel name.
  inputs: any,
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  attributes: any,
) => TensorInfo | TensorInfo[];

export type KernelRules = Readonly<Record<string, KernelRule>>;

/** The name of `info` as a value of another type, cast when needed. */
export function named(
  recorder: RecordingBackend,
  info: TensorInfo,
  dtype: DataType | OnnxType = info.dtype,
): string {
  return converted(recorder, recorder.name(info), info.dtype, dtype);
}

/** A value of type `from` as one of type `to`, cast when they differ. */
export function converted(
  recorder: RecordingBackend,
  name: string,
  from: DataType | OnnxType,
  to: DataType | OnnxType,
): string {
  return from === to ? name : cast(recorder, name, to);
}

export function cast(recorder: RecordingBackend, name: string, dtype: DataType | OnnxType): string {
  const type = (elementTypes as Record<string, number>)[dtype];
  if (type === undefined) throw new UnsupportedKernelError('Cast', ` to ${dtype}`);
  return recorder.graph.apply('Cast', [name], { to: type });
}

/** ONNX arithmetic takes no booleans; tfjs counts them as 0 and 1. */
export function numeric(dtype: DataType): DataType {
  return dtype === 'bool' ? 'int32' : dtype;
}

/**
 * Computes in `type` and goes back to `result`: ONNX Runtime has many operators for float32 only.
 * On the way back fractions are cut off, which is how tfjs stores numbers in int32 and bool.
 */
export function computedIn(
  recorder: RecordingBackend,
  type: DataType,
  x: TensorInfo,
  compute: (name: string) => string,
  { shape = x.shape, dtype: result = x.dtype }: Partial<TensorInfo> = {},
): TensorInfo {
  let name = compute(named(recorder, x, type));
  if (type === 'float32' && result === 'bool') name = cast(recorder, name, 'int32');
  return recorder.info(converted(recorder, name, type, result), shape, result);
}
