import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { DType } from '../program.ts';
import type { RecordingBackend } from '../recording-backend.ts';
import { reshaped, table, transposed } from './arrange.ts';
import {
  computedIn,
  converted,
  type KernelRule,
  type KernelRules,
  named,
  numeric,
} from './rule.ts';
import { scatterAdd } from './scatter-add.ts';

const gather: KernelRule = (recorder, { x, indices }, { axis, batchDims }) => {
  const along = util.parseAxisParam(axis, x.shape)[0]!;
  const inputs = [recorder.name(x), recorder.name(indices)];
  const { outputShape: shape } = backend_util.segment_util.collectGatherOpShapeInfo(
    x,
    indices,
    along,
    batchDims ?? 0,
  );
  if (!batchDims) {
    return recorder.emit('Gather', inputs, { shape, dtype: x.dtype }, { axis: along });
  }
  return batchedGather(recorder, x, indices, along, batchDims);
};

/** Row by row of the leading axes that `x` and `indices` share; ONNX gathers so on axis 1 only. */
function batchedGather(
  recorder: RecordingBackend,
  x: TensorInfo,
  indices: TensorInfo,
  axis: number,
  batchDims: number,
): TensorInfo {
  const sizes = [[0, batchDims], [batchDims, axis], [axis, axis + 1], [axis + 1]].map(
    ([from, to]) => util.sizeFromShape(x.shape.slice(from, to)),
  ) as [number, number, number, number];
  const [batch, outer, , inner] = sizes;
  const count = util.sizeFromShape(indices.shape.slice(batchDims));

  const swap = [0, 2, 1, 3];
  const rows = transposed(recorder, reshaped(recorder, recorder.name(x), sizes), swap);
  const places = reshaped(recorder, named(recorder, indices, 'int64'), [batch, count, 1]);
  const gathered = recorder.graph.apply('GatherND', [rows, places], { batch_dims: 1 });
  const form = [batch, count, outer, inner];
  const swapped = transposed(recorder, reshaped(recorder, gathered, form), swap);
  const shape = [
    ...x.shape.slice(0, axis),
    ...indices.shape.slice(batchDims),
    ...x.shape.slice(axis + 1),
  ];
  return recorder.info(reshaped(recorder, swapped, shape), shape, x.dtype);
}

const gatherNd: KernelRule = (recorder, { params, indices }) => {
  const [shape] = backend_util.prepareAndValidate(params, indices);
  const inputs = [recorder.name(params), named(recorder, indices, 'int64')];
  return recorder.emit('GatherND', inputs, { shape, dtype: params.dtype });
};

/** Adds `updates` into zeros at `indices`, int64 `[..., depth]`. */
function accumulate(
  recorder: RecordingBackend,
  indices: string,
  depth: number,
  updates: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const type = numeric(updates.dtype) as DType;
  const rowSize = util.sizeFromShape(shape.slice(depth));
  const size = util.sizeFromShape(updates.shape);
  const count = rowSize === 0 ? 0 : size / rowSize;
  return computedIn(
    recorder,
    type,
    updates,
    (values) => scatterAdd(recorder, type, shape, { indices, depth, values, count }),
    { shape: [...shape] },
  );
}

/** tfjs takes a list of indices for a list of rows of one index. */
const scatterNd: KernelRule = (recorder, { indices, updates }, { shape }) => {
  const depth = indices.shape.length === 1 ? 1 : indices.shape.at(-1);
  return accumulate(recorder, named(recorder, indices, 'int64'), depth, updates, shape);
};

const segmentSum: KernelRule = (recorder, { x, segmentIds }, { numSegments }) => {
  const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
  return accumulate(recorder, named(recorder, segmentIds, 'int64'), 1, x, shape);
};

/** ONNX Runtime has OneHot for float32 and int64 values only: float32, then a cast. */
const oneHot: KernelRule = (recorder, { indices }, { depth, onValue, offValue, dtype }) => {
  const { graph } = recorder;
  const type = dtype ?? 'int32';
  const values = table(recorder, 'float32', [2], [offValue, onValue]);
  // tfjs leaves the row of a negative index off; ONNX counts it from the end.
  const wide = named(recorder, indices, 'int64');
  const isNegative = graph.apply('Less', [wide, graph.integers([0])]);
  const index = graph.apply('Where', [isNegative, graph.integers([depth]), wide]);
  const hot = graph.apply('OneHot', [index, graph.integers([depth]), values]);
  const shape = [...indices.shape, depth];
  // One index became one row above.
  const shaped = reshaped(recorder, hot, shape);
  return recorder.info(converted(recorder, shaped, 'float32', type), shape, type);
};

export const indexingRules: KernelRules = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
};
