import { util } from '@tensorflow/tfjs-core';
import { UnsupportedKernelError } from '../trace-error.ts';
import { cast, type KernelRule, type KernelRules, named } from './rule.ts';

const gather: KernelRule = (recorder, { x, indices }, { axis, batchDims }) => {
  const along = util.parseAxisParam(axis, x.shape)[0]!;
  const inputs = [recorder.name(x), recorder.name(indices)];
  if (!batchDims) {
    const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
    return recorder.emit('Gather', inputs, { shape, dtype: x.dtype }, { axis: along });
  }
  const isElementwise = batchDims === along && along === x.shape.length - 1;
  if (!isElementwise || indices.shape.length !== x.shape.length) {
    throw new UnsupportedKernelError(
      'GatherV2',
      ` with batchDims ${batchDims}, axis ${axis}, shapes [${x.shape}] and [${indices.shape}]`,
    );
  }
  const result = { shape: indices.shape, dtype: x.dtype };
  return recorder.emit('GatherElements', inputs, result, { axis: along });
};

const gatherNd: KernelRule = (recorder, { params, indices }) => {
  const depth = indices.shape.at(-1);
  const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
  const inputs = [recorder.name(params), named(recorder, indices, 'int64')];
  return recorder.emit('GatherND', inputs, { shape, dtype: params.dtype });
};

/** Adds `updates` into zeros; repeated indices accumulate. */
const scatterNd: KernelRule = (recorder, { indices, updates }, { shape }) => {
  const { graph } = recorder;
  const zeros = graph.apply('Expand', [graph.scalar(updates.dtype, 0), graph.integers(shape)]);
  const inputs = [zeros, named(recorder, indices, 'int64'), recorder.name(updates)];
  return recorder.emit('ScatterND', inputs, { shape, dtype: updates.dtype }, { reduction: 'add' });
};

const segmentSum: KernelRule = (recorder, { x, segmentIds }, { numSegments }) => {
  const { graph } = recorder;
  const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
  const zeros = graph.apply('Expand', [graph.scalar(x.dtype, 0), graph.integers(shape)]);
  const wide = named(recorder, segmentIds, 'int64');
  const indices = graph.apply('Reshape', [wide, graph.integers([...segmentIds.shape, 1])]);
  const inputs = [zeros, indices, recorder.name(x)];
  return recorder.emit('ScatterND', inputs, { shape, dtype: x.dtype }, { reduction: 'add' });
};

/** ONNX Runtime has OneHot for float32 and int64 values only: float32, then a cast. */
const oneHot: KernelRule = (recorder, { indices }, { depth, onValue, offValue, dtype }) => {
  const { graph } = recorder;
  const type = dtype ?? 'int32';
  const values = graph.constant(
    'float32',
    [2],
    new Uint8Array(Float32Array.of(offValue, onValue).buffer),
  );
  const inputs = [named(recorder, indices, 'int64'), graph.integers([depth]), values];
  const hot = graph.apply('OneHot', inputs);
  const name = type === 'float32' ? hot : cast(recorder, hot, type);
  return recorder.info(name, [...indices.shape, depth], type);
};

export const indexingRules: KernelRules = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
};
