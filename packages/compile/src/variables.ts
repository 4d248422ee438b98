import { engine, type Tensor, tensor, type Variable } from '@tensorflow/tfjs-core';
import type { DType, TensorSpec, TypedArray } from './program.ts';

/** Every `tf.Variable` of the process, by name. */
export function registeredVariables(): Readonly<Record<string, Variable>> {
  return engine().state.registeredVariables;
}

/** What a tensor holds, without its values. */
export function specOfTensor({ shape, dtype }: Tensor): TensorSpec {
  return { shape, dtype: dtype as DType };
}

/** A tensor of a copy of `data`: tfjs keeps the array it is given. */
export function toTensor({ shape, dtype }: TensorSpec, data: TypedArray): Tensor {
  return tensor(data.slice(), [...shape], dtype);
}

export function assignValues(variable: Variable, data: TypedArray): void {
  const value = toTensor(specOfTensor(variable), data);
  variable.assign(value);
  value.dispose();
}

export function readValues(variable: Variable): TypedArray {
  return engine().readSync(variable.dataId) as TypedArray;
}
