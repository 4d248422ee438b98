import { backend_util, type TensorInfo, upcastType, util } from '@tensorflow/tfjs-core';
import type { DType } from '../program.ts';
import type { RecordingBackend } from '../recording-backend.ts';
import { filled, reshaped, sliced, table } from './arrange.ts';
import { cast, converted, type KernelRule, type KernelRules, named, numeric } from './rule.ts';
import { scatterAdd } from './scatter-add.ts';

/** Writes slices into `target`, at places of `[count, depth]`; of equal places the last counts. */
function scatter(
  recorder: RecordingBackend,
  target: string,
  indices: TensorInfo,
  updates: TensorInfo,
  shape: readonly number[],
): string {
  const { sliceRank, numUpdates } = backend_util.calculateShapes(updates, indices, [...shape]);
  const wide = named(recorder, indices, 'int64');
  const places = reshaped(recorder, wide, [numUpdates, sliceRank]);
  const form = [numUpdates, ...shape.slice(sliceRank)];
  const value = recorder.name(updates);
  const slices =
    updates.shape.length === 0 ? filled(recorder, value, form) : reshaped(recorder, value, form);
  return recorder.graph.apply('ScatterND', [target, places, slices]);
}

const tensorScatterUpdate: KernelRule = (recorder, { tensor, indices, updates }) => {
  const name = scatter(recorder, recorder.name(tensor), indices, updates, tensor.shape);
  return recorder.info(name, tensor.shape, tensor.dtype);
};

const sparseToDense: KernelRule = (recorder, inputs, { outputShape }) => {
  const { sparseIndices, sparseValues, defaultValue } = inputs;
  const { dtype } = sparseValues;
  const value = reshaped(recorder, named(recorder, defaultValue, dtype), []);
  const target = filled(recorder, value, outputShape);
  const name = scatter(recorder, target, sparseIndices, sparseValues, outputShape);
  return recorder.info(name, outputShape, dtype);
};

/** Counts in rows of one cell more, which takes the values that are too large. */
const bincount: KernelRule = (recorder, { x, weights }, { size, binaryOutput }) => {
  const { graph } = recorder;
  const isMatrix = x.shape.length === 2;
  const isBinary = isMatrix && binaryOutput;
  const rows = isMatrix ? x.shape[0] : 1;
  const count = util.sizeFromShape(x.shape);
  const type = numeric(weights.dtype) as DType;
  const ones = filled(recorder, graph.scalar(type, 1), [count]);
  const isCounted = util.sizeFromShape(weights.shape) === 0 || isBinary;
  const updates = isCounted ? ones : reshaped(recorder, named(recorder, weights, type), [count]);

  const most = table(recorder, 'int64', [], [size]);
  const bounded = graph.apply('Min', [named(recorder, x, 'int64'), most]);
  const starts = Array.from({ length: rows }, (_, row) => row * (size + 1));
  const placed = reshaped(recorder, bounded, [rows, count / rows]);
  const offset = table(recorder, 'int64', [rows, 1], starts);
  const places = reshaped(recorder, graph.apply('Add', [placed, offset]), [count, 1]);

  const cells = [rows * (size + 1)];
  const sums = isBinary
    ? graph.apply('ScatterND', [filled(recorder, graph.scalar(type, 0), cells), places, updates], {
        reduction: 'max',
      })
    : scatterAdd(recorder, type, cells, { indices: places, depth: 1, values: updates, count });
  const counts = reshaped(recorder, sums, [rows, size + 1]);
  const kept = sliced(recorder, counts, { starts: [0], ends: [size], axes: [1] });
  const shape = isMatrix ? [rows, size] : [size];
  const name = reshaped(recorder, kept, shape);
  const { dtype } = weights;
  return recorder.info(converted(recorder, name, type, dtype), shape, dtype);
};

/** How many of the sequence lie before each value. */
const searchSorted: KernelRule = (recorder, { sortedSequence, values }, { side }) => {
  const { graph } = recorder;
  const type = numeric(upcastType(sortedSequence.dtype, values.dtype));
  const [batch, length] = sortedSequence.shape;
  const [, count] = values.shape;
  const sequence = reshaped(recorder, named(recorder, sortedSequence, type), [batch, 1, length]);
  const value = reshaped(recorder, named(recorder, values, type), [batch, count, 1]);
  const operator = side === 'left' ? 'Less' : 'LessOrEqual';
  const isBefore = cast(recorder, graph.apply(operator, [sequence, value]), 'int32');
  const name = graph.apply('ReduceSum', [isBefore, graph.integers([2])], { keepdims: 0 });
  return recorder.info(name, values.shape, 'int32');
};

export const scatterRules: KernelRules = {
  Bincount: bincount,
  DenseBincount: bincount,
  SearchSorted: searchSorted,
  SparseToDense: sparseToDense,
  TensorScatterUpdate: tensorScatterUpdate,
};
