import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { UnsupportedKernelError } from '../trace-error.ts';
import { type KernelRule, type KernelRules, named } from './rule.ts';

const reshape: KernelRule = (recorder, { x }, { shape }) => {
  const target = util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape));
  const inputs = [recorder.name(x), recorder.graph.integers(target)];
  return recorder.emit('Reshape', inputs, { shape: target, dtype: x.dtype }, { allowzero: 1 });
};

const expandDims: KernelRule = (recorder, { input }, { dim }) => {
  const shape = input.shape.slice();
  shape.splice(dim < 0 ? shape.length + 1 + dim : dim, 0, 1);
  return reshape(recorder, { x: input }, { shape });
};

const transpose: KernelRule = (recorder, { x }, { perm }) => {
  const shape = perm.map((axis: number) => x.shape[axis]);
  return recorder.emit('Transpose', [recorder.name(x)], { shape, dtype: x.dtype }, { perm });
};

const slice: KernelRule = (recorder, { x }, { begin, size }) => {
  const [starts, sizes] = slice_util.parseSliceParams(x, begin, size);
  const ends = starts!.map((start, axis) => start + sizes![axis]!);
  const { graph } = recorder;
  const inputs = [recorder.name(x), graph.integers(starts!), graph.integers(ends)];
  return recorder.emit('Slice', inputs, { shape: sizes!, dtype: x.dtype });
};

const pad: KernelRule = (recorder, { x }, { paddings, constantValue }) => {
  const before = paddings.map(([start]: [number, number]) => start);
  const after = paddings.map(([, end]: [number, number]) => end);
  const shape = x.shape.map((extent: number, axis: number) => before[axis] + extent + after[axis]);
  const { graph } = recorder;
  const inputs = [
    recorder.name(x),
    graph.integers([...before, ...after]),
    graph.scalar(x.dtype, constantValue),
  ];
  return recorder.emit('Pad', inputs, { shape, dtype: x.dtype });
};

const concat: KernelRule = (recorder, inputs: TensorInfo[], { axis }) => {
  const tensors = Object.values(inputs);
  const along = util.parseAxisParam(axis, tensors[0]!.shape)[0]!;
  const shape = backend_util.computeOutShape(
    tensors.map((tensor) => tensor.shape),
    along,
  );
  const { dtype } = tensors[0]!;
  const names = tensors.map((tensor) => named(recorder, tensor, dtype));
  return recorder.emit('Concat', names, { shape, dtype }, { axis: along });
};

const split: KernelRule = (recorder, { x }, { numOrSizeSplits, axis }) => {
  const along = util.parseAxisParam(axis, x.shape)[0]!;
  const sizes = backend_util.prepareSplitSize(x, numOrSizeSplits, along);
  const outputs = sizes.map(() => recorder.graph.freshName());
  const inputs = [recorder.name(x), recorder.graph.integers(sizes)];
  recorder.graph.add('Split', inputs, outputs, { axis: along });
  return outputs.map((output, part) => {
    const shape = x.shape.map((extent: number, i: number) => (i === along ? sizes[part] : extent));
    return recorder.info(output, shape, x.dtype);
  });
};

const pack: KernelRule = (recorder, inputs: TensorInfo[], { axis }) => {
  const expanded = Object.values(inputs).map((input) =>
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

/** As tfjs counts: a falling range needs no step of -1, and rounding errors add up. */
const range: KernelRule = (recorder, _, { start, stop, step, dtype }) => {
  const by = stop < start && step === 1 ? -1 : step;
  const count = Math.max(0, Math.ceil((stop - start) / by));
  const values = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
  if (count > 0) values[0] = start;
  for (let index = 1; index < count; index++) values[index] = values[index - 1]! + by;
  const shape = [count];
  return { dataId: recorder.write(values, shape, dtype), shape, dtype };
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
};
