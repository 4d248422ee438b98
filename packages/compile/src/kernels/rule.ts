import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';

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
  dtype: DataType | 'int64' = info.dtype,
): string {
  const name = recorder.name(info);
  return dtype === info.dtype ? name : cast(recorder, name, dtype);
}

export function cast(recorder: RecordingBackend, name: string, dtype: DataType | 'int64'): string {
  return recorder.graph.apply('Cast', [name], { to: onnxTypes[dtype]! });
}

const onnxTypes: Readonly<Record<string, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };
