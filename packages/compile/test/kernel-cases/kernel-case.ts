import type { DType, TensorSpec, TypedArray } from '@rodpo/compile';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { engine, type Tensor } from '@tensorflow/tfjs-core';

export interface Operand extends TensorSpec {
  /** Values are drawn from [low, high). Default: -4 to 4. */
  readonly low?: number;
  readonly high?: number;
  /** Given instead of drawn. */
  readonly values?: readonly number[];
}

/** One call of one tfjs op. Cases of one name differ in their operands. */
export interface KernelCase {
  readonly name: string;
  readonly operands: readonly Operand[];
  readonly op: (...tensors: Tensor[]) => Tensor | Tensor[];
}

export const dtypes: readonly DType[] = ['float32', 'int32', 'bool'];

export function float(...shape: number[]): Operand {
  return { shape, dtype: 'float32' };
}

/** Multiples of a quarter, from -2 to 2: sums of products of them are exact in every order. */
export function quarters(...shape: number[]): Operand {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const random = seededRandom(size);
  const values = Array.from({ length: size }, () => Math.floor(random() * 17) / 4 - 2);
  return { shape, dtype: 'float32', values };
}

/** Integers from 0 to `count - 1`. */
export function indices(count: number, ...shape: number[]): Operand {
  return { shape, dtype: 'int32', low: 0, high: count };
}

export function kernelCase(
  name: string,
  operands: readonly Operand[],
  op: (...tensors: never[]) => Tensor | Tensor[],
): KernelCase {
  return { name: name.replace('__op', ''), operands, op: op as KernelCase['op'] };
}

/** Runs a kernel that no op of tfjs's public API runs forward. */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: object = {},
): Tensor {
  return engine().runKernel(name, inputs, attributes as never) as Tensor;
}

export function draw(
  { shape, dtype, low = -4, high = 4, values }: Operand,
  seed: number,
): TypedArray {
  const random = seededRandom(seed);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const from = (source: () => number): TypedArray => {
    if (dtype === 'float32') return Float32Array.from({ length: size }, source);
    if (dtype === 'int32') return Int32Array.from({ length: size }, () => Math.floor(source()));
    return Uint8Array.from({ length: size }, () => (source() < (low + high) / 2 ? 0 : 1));
  };
  let next = 0;
  return from(values ? () => values[next++]! : () => low + (high - low) * random());
}

/** Shapes of ranks 0 to 4 with axes of 1 to 4: as many as asked for, the same for a label. */
export function randomShapes(label: string, count: number): number[][] {
  const random = seededRandom(deriveSeed(1, label));
  return Array.from({ length: count }, (_, index) =>
    Array.from({ length: index % 5 }, () => 1 + Math.floor(random() * 4)),
  );
}

/** Pairs of shapes that broadcast: some axes set to 1, some leading axes left out. */
export function broadcastPairs(label: string, count: number): [number[], number[]][] {
  const random = seededRandom(deriveSeed(2, label));
  const part = (shape: readonly number[]) =>
    shape
      .slice(Math.floor(random() * (shape.length + 1) * 0.6))
      .map((extent) => (random() < 0.3 ? 1 : extent));
  return randomShapes(label, count).map((shape) => [part(shape), part(shape)]);
}
