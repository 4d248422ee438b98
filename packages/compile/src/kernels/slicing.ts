import { slice_util, util } from '@tensorflow/tfjs-core';
import { beforeTheFirst, reshaped, sliced } from './arrange.ts';
import type { KernelRule, KernelRules } from './rule.ts';

const stridedSlice: KernelRule = (recorder, { x }, attributes) => {
  const { finalShape, begin, end, strides } = slice_util.sliceInfo(
    x.shape,
    attributes.begin,
    attributes.end,
    attributes.strides,
    attributes.beginMask,
    attributes.endMask,
    attributes.ellipsisMask,
    attributes.newAxisMask,
    attributes.shrinkAxisMask,
  );
  const ends = end.map((bound, axis) => (strides[axis]! < 0 && bound < 0 ? beforeTheFirst : bound));
  const name = sliced(recorder, recorder.name(x), { starts: begin, ends, steps: strides });
  return recorder.info(reshaped(recorder, name, finalShape), finalShape, x.dtype);
};

const reverse: KernelRule = (recorder, { x }, { dims }) => {
  const axes = util.parseAxisParam(dims, x.shape).filter((axis) => x.shape[axis]! > 1);
  if (axes.length === 0) return recorder.emit('Identity', [recorder.name(x)], x);
  const name = sliced(recorder, recorder.name(x), {
    starts: axes.map(() => -1),
    ends: axes.map(() => beforeTheFirst),
    steps: axes.map(() => -1),
    axes,
  });
  return recorder.info(name, x.shape, x.dtype);
};

/** Gathers along every padded axis: ONNX's `Pad` can reflect, but not with the edge repeated. */
const mirrorPad: KernelRule = (recorder, { x }, { paddings, mode }) => {
  const { graph } = recorder;
  const offset = mode === 'reflect' ? 0 : 1;
  const shape: number[] = [];
  let name = recorder.name(x);
  for (const [axis, [before, after]] of (paddings as [number, number][]).entries()) {
    const extent = x.shape[axis]!;
    shape.push(before + extent + after);
    if (before + after === 0) continue;
    const cells = Array.from({ length: before + extent + after }, (_, place) => {
      const cell = place - before;
      if (cell < 0) return -cell - offset;
      return cell < extent ? cell : 2 * (extent - 1) - cell + offset;
    });
    name = graph.apply('Gather', [name, graph.integers(cells)], { axis });
  }
  return recorder.info(name, shape, x.dtype);
};

export const slicingRules: KernelRules = {
  MirrorPad: mirrorPad,
  Reverse: reverse,
  StridedSlice: stridedSlice,
};
