import { type DataType, type TensorInfo, upcastType, util } from '@tensorflow/tfjs-core';
import type { DType } from '../program.ts';
import type { RecordingBackend } from '../recording-backend.ts';
import { filled, reshaped } from './arrange.ts';
import { cast, converted, type KernelRule, type KernelRules, named, numeric } from './rule.ts';

interface ReductionAttributes {
  readonly axis?: number | number[];
  /** What tfjs calls `axis` in `Max` alone. */
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

function axesOf({ axis, reductionIndices }: ReductionAttributes, x: TensorInfo): number[] {
  return util.parseAxisParam((axis ?? reductionIndices) as number[], x.shape);
}

function reducedShape(
  shape: readonly number[],
  axes: readonly number[],
  keepDims: boolean,
): number[] {
  return shape.flatMap((extent, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [extent]));
}

function reduce(
  recorder: RecordingBackend,
  operator: string,
  x: TensorInfo,
  { keepDims = false, ...attributes }: ReductionAttributes,
  type: DataType,
): string {
  const axes = axesOf(attributes, x);
  const inputs = [named(recorder, x, type), recorder.graph.integers(axes)];
  return recorder.graph.apply(operator, inputs, {
    keepdims: keepDims ? 1 : 0,
    noop_with_empty_axes: 1, // tfjs reduces a scalar over no axes; ONNX would reduce them all
  });
}

function reduction(operator: string): KernelRule {
  return (recorder, { x }, attributes) => {
    const axes = axesOf(attributes, x);
    const shape = reducedShape(x.shape, axes, attributes.keepDims);
    const type = numeric(x.dtype);
    const name = reduce(recorder, operator, x, attributes, type);
    return recorder.info(converted(recorder, name, type, x.dtype), shape, x.dtype);
  };
}

/** Fewer rows than this are summed faster than multiplied. */
const manyRows = 64;

/**
 * Sums over rows, as every gradient of a bias does, are a product with a row of ones: ONNX Runtime
 * reads the matrix once for that, and several times for its ReduceSum over leading axes.
 */
const sum: KernelRule = (recorder, { x }, attributes) => {
  const axes = axesOf(attributes, x);
  const isLeading = axes.length > 0 && axes.every((axis, place) => axis === place);
  const rows = util.sizeFromShape(x.shape.slice(0, axes.length));
  if (x.dtype !== 'float32' || !isLeading || rows < manyRows || axes.length === x.shape.length) {
    return reduction('ReduceSum')(recorder, { x }, attributes);
  }
  const { graph } = recorder;
  const shape = reducedShape(x.shape, axes, attributes.keepDims);
  const flat = [rows, util.sizeFromShape(x.shape.slice(axes.length))];
  const ones = filled(recorder, graph.scalar('float32', 1), [1, rows]);
  const product = graph.apply('MatMul', [ones, reshaped(recorder, recorder.name(x), flat)]);
  return recorder.info(reshaped(recorder, product, shape), shape, x.dtype);
};

/** tfjs: whatever goes in, float32 comes out. */
const mean: KernelRule = (recorder, { x }, attributes) => {
  const shape = reducedShape(x.shape, axesOf(attributes, x), attributes.keepDims);
  return recorder.info(reduce(recorder, 'ReduceMean', x, attributes, 'float32'), shape, 'float32');
};

/**
 * `Any` and `All`: ONNX reduces no booleans, so largest or smallest of 0 and 1. Of nothing that is
 * the least or the largest integer, whose sign is the right answer.
 */
function quantifier(operator: string): KernelRule {
  return (recorder, { x }, attributes) => {
    const axes = axesOf(attributes, x);
    const shape = reducedShape(x.shape, axes, attributes.keepDims);
    const extreme = reduce(recorder, operator, x, attributes, 'int32');
    const isAbove = recorder.graph.apply('Greater', [extreme, recorder.graph.scalar('int32', 0)]);
    return recorder.info(isAbove, shape, 'bool');
  };
}

function argument(operator: string): KernelRule {
  return (recorder, { x }, { axis }) => {
    const [along] = util.parseAxisParam(axis, x.shape);
    const inputs = [named(recorder, x, numeric(x.dtype))];
    const index = recorder.graph.apply(operator, inputs, { axis: along!, keepdims: 0 });
    const shape = reducedShape(x.shape, [along!], false);
    return recorder.info(cast(recorder, index, 'int32'), shape, 'int32');
  };
}

const topK: KernelRule = (recorder, { x }, { k, sorted }) => {
  const { graph } = recorder;
  const values = graph.freshName();
  const indices = graph.freshName();
  const attributes = { axis: -1, largest: 1, sorted: sorted ? 1 : 0 };
  graph.add('TopK', [recorder.name(x), graph.integers([k])], [values, indices], attributes);
  const shape = [...x.shape.slice(0, -1), k];
  return [
    recorder.info(values, shape, x.dtype),
    recorder.info(cast(recorder, indices, 'int32'), shape, 'int32'),
  ];
};

const cumulativeSum: KernelRule = (recorder, { x }, { axis, exclusive, reverse }) => {
  const dtype = numeric(x.dtype);
  const inputs = [named(recorder, x, dtype), recorder.graph.scalar('int32', axis)];
  const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
  return recorder.emit('CumSum', inputs, { shape: x.shape, dtype }, attributes);
};

/**
 * ONNX has no product of this kind. Every pass multiplies each value by the one twice as far
 * away as in the pass before: as many passes as the extent has binary digits.
 */
const cumulativeProduct: KernelRule = (recorder, { x }, { axis, exclusive, reverse }) => {
  const { graph } = recorder;
  const dtype = upcastType(x.dtype, 'int32');
  const extent = x.shape[axis];
  const one = graph.scalar(dtype as DType, 1);
  const shifted = (name: string, by: number) => {
    const [before, after] = reverse ? [-by, by] : [by, -by];
    const amounts = graph.integers([before, after]);
    return graph.apply('Pad', [name, amounts, one, graph.integers([axis])]);
  };
  let name = named(recorder, x, dtype);
  if (exclusive) name = shifted(name, 1);
  for (let by = 1; by < extent; by *= 2) {
    name = graph.apply('Mul', [name, shifted(name, by)]);
  }
  return recorder.info(name, x.shape, dtype);
};

const softmax: KernelRule = (recorder, { logits }, { dim }) =>
  recorder.emit('Softmax', [recorder.name(logits)], logits, { axis: dim });

export const reductionRules: KernelRules = {
  Sum: sum,
  Mean: mean,
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  Any: quantifier('ReduceMax'),
  All: quantifier('ReduceMin'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  TopK: topK,
  Cumsum: cumulativeSum,
  Cumprod: cumulativeProduct,
  Softmax: softmax,
};
