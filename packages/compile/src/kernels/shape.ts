import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { DType } from '../program.ts';
import type { RecordingBackend } from '../recording-backend.ts';
import { UnsupportedKernelError } from '../trace-error.ts';
import { filled, reshaped, sliced, splitted } from './arrange.ts';
import { type KernelRule, type KernelRules, named } from './rule.ts';

const reshape: KernelRule = (recorder, { x }, { shape }) => {
  const target = util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape));
  const inputs = [recorder.name(x), recorder.graph.integers(target)];
  return recorder.emit('Reshape', inputs, { shape: target, dtype: x.dtype }, { allowzero: 1 });
};

const expandDims: KernelRule = (recorder, { input }, { dim }) => {
  const shape = input.shape.slice();
  const lowest = -(shape.length + 1);
  util.assert(dim >= lowest, () => `Axis must be in the interval [${lowest}, ${shape.length}]`);
  shape.splice(dim < 0 ? shape.length + 1 + dim : dim, 0, 1);
  return reshape(recorder, { x: input }, { shape });
};

const transpose: KernelRule = (recorder, { x }, { perm }) => {
  const shape = perm.map((axis: number) => x.shape[axis]);
  return recorder.emit('Transpose', [recorder.name(x)], { shape, dtype: x.dtype }, { perm });
};

const slice: KernelRule = (recorder, { x }, { begin, size }) => {
  const [starts, sizes] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x, starts!, sizes!);
  const ends = starts!.map((start, axis) => start + sizes![axis]!);
  const { graph } = recorder;
  const inputs = [recorder.name(x), graph.integers(starts!), graph.integers(ends)];
  return recorder.emit('Slice', inputs, { shape: sizes!, dtype: x.dtype });
};

export interface PadAttributes {
  readonly paddings: readonly (readonly number[])[];
  readonly constantValue: number;
}

export function pad(
  recorder: RecordingBackend,
  { x }: { x: TensorInfo },
  { paddings, constantValue }: PadAttributes,
): TensorInfo {
  const before = paddings.map(([start]) => start!);
  const after = paddings.map(([, end]) => end!);
  const shape = x.shape.map((extent, axis) => before[axis]! + extent + after[axis]!);
  const { graph } = recorder;
  const inputs = [
    recorder.name(x),
    graph.integers([...before, ...after]),
    graph.scalar(x.dtype as DType, constantValue),
  ];
  return recorder.emit('Pad', inputs, { shape, dtype: x.dtype });
}

const concat: KernelRule = (recorder, inputs: TensorInfo[], { axis }) => {
  const tensors = Object.values(inputs);
  const along = util.parseAxisParam(axis, tensors[0]!.shape)[0]!;
  const shapes = tensors.map((tensor) => tensor.shape);
  backend_util.assertParamsConsistent(shapes, along);
  const shape = backend_util.computeOutShape(shapes, along);
  const { dtype } = tensors[0]!;
  const names = tensors.map((tensor) => named(recorder, tensor, dtype));
  return recorder.emit('Concat', names, { shape, dtype }, { axis: along });
};

const split: KernelRule = (recorder, { x }, { numOrSizeSplits, axis }) => {
  const along = util.parseAxisParam(axis, x.shape)[0]!;
  const sizes = backend_util.prepareSplitSize(x, numOrSizeSplits, along);
  return splitted(recorder, recorder.name(x), sizes, along).map((output, part) => {
    const shape = x.shape.map((extent: number, i: number) => (i === along ? sizes[part] : extent));
    return recorder.info(output, shape, x.dtype);
  });
};

const pack: KernelRule = (recorder, inputs: TensorInfo[], { axis }) => {
  const tensors = Object.values(inputs);
  for (const { shape, dtype } of tensors) {
    util.assertShapesMatch(tensors[0]!.shape, shape, 'Tensors to stack: ');
    util.assert(tensors[0]!.dtype === dtype, () => 'Tensors to stack must have the same dtype.');
  }
  const expanded = tensors.map((input) =>
    expandDims(recorder, { input }, { dim: axis }),
  ) as TensorInfo[];
  return concat(recorder, expanded, { axis });
};

const unpack: KernelRule = (recorder, { value }, { axis }) => {
  const along = util.parseAxisParam(axis, value.shape)[0]!;
  const count = value.shape[along];
  const parts = split(recorder, { x: value }, { numOrSizeSplits: count, axis: along });
  const shape = value.shape.filter((_: number, i: number) => i !== along);
  return (parts as TensorInfo[]).map((x) => reshape(recorder, { x }, { shape }) as TensorInfo);
};

const tile: KernelRule = (recorder, { x }, { reps }) => {
  const shape = x.shape.map((extent: number, axis: number) => extent * reps[axis]);
  const inputs = [recorder.name(x), recorder.graph.integers(reps)];
  return recorder.emit('Tile', inputs, { shape, dtype: x.dtype });
};

const fill: KernelRule = (recorder, _, { shape, value, dtype }) => {
  const type = dtype ?? util.inferDtype(value);
  if (type === 'string') throw new UnsupportedKernelError('Fill', ' of strings');
  const inputs = [recorder.graph.scalar(type, value), recorder.graph.integers(shape)];
  return recorder.emit('Expand', inputs, { shape, dtype: type });
};

function likeWith(value: number): KernelRule {
  return (recorder, { x }) => fill(recorder, {}, { shape: x.shape, value, dtype: x.dtype });
}

/** Whole numbers are counted by ONNX; otherwise as tfjs counts, where rounding errors add up. */
const range: KernelRule = (recorder, _, { start, stop, step, dtype }) => {
  const by = stop < start && step === 1 ? -1 : step; // a falling range needs no step of -1
  const count = Math.max(0, Math.ceil((stop - start) / by));
  const shape = [count];
  const isWhole = [start, stop, by].every(
    (value) => Number.isInteger(value) && (value | 0) === value,
  );
  if (dtype === 'int32' && isWhole) {
    const bounds = [start, stop, by].map((value) => recorder.graph.scalar('int32', value));
    return recorder.emit('Range', bounds, { shape, dtype });
  }
  const values = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
  if (count > 0) values[0] = start;
  for (let index = 1; index < count; index++) values[index] = values[index - 1]! + by;
  return { dataId: recorder.write(values, shape, dtype), shape, dtype };
};

/** As tfjs counts: rounding errors add up. */
const linearSpace: KernelRule = (recorder, _, { start, stop, num }) => {
  const values = new Float32Array(num);
  values[0] = start;
  for (let index = 1; index < num; index++) {
    values[index] = values[index - 1]! + (stop - start) / (num - 1);
  }
  return { dataId: recorder.write(values, [num], 'float32'), shape: [num], dtype: 'float32' };
};

/** Every value is followed by as many zeros as there are values: rows that start on the diagonal. */
const diagonal: KernelRule = (recorder, { x }) => {
  const size = util.sizeFromShape(x.shape);
  const column = reshape(recorder, { x }, { shape: [size, 1] }) as TensorInfo;
  const paddings = [
    [0, 0],
    [0, size],
  ];
  const rows = recorder.name(pad(recorder, { x: column }, { paddings, constantValue: 0 }));
  const cells = sliced(recorder, reshaped(recorder, rows, [size * (size + 1)]), {
    starts: [0],
    ends: [size * size],
  });
  const shape = [...x.shape, ...x.shape];
  return recorder.info(reshaped(recorder, cells, shape), shape, x.dtype);
};

/** The shape that two shapes broadcast to. They are values here, so that no check is possible. */
const broadcastShapes: KernelRule = (recorder, { s0, s1 }) => {
  const { graph } = recorder;
  const rank = Math.max(s0.shape[0], s1.shape[0]);
  const one = graph.scalar('int32', 1);
  const [left, right] = [s0, s1].map((shape) => {
    const ones = filled(recorder, one, [rank - shape.shape[0]]);
    return graph.apply('Concat', [ones, recorder.name(shape)], { axis: 0 });
  }) as [string, string];
  const inputs = [graph.apply('Equal', [left, one]), right, left];
  return recorder.emit('Where', inputs, { shape: [rank], dtype: 'int32' });
};

export const shapeRules: KernelRules = {
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Slice: slice,
  PadV2: pad,
  Concat: concat,
  SplitV: split,
  Pack: pack,
  Unpack: unpack,
  Tile: tile,
  Fill: fill,
  ZerosLike: likeWith(0),
  OnesLike: likeWith(1),
  Range: range,
  LinSpace: linearSpace,
  Diag: diagonal,
  BroadcastArgs: broadcastShapes,
};
