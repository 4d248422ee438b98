import { backend_util, util } from '@tensorflow/tfjs-core';
import { UnsupportedKernelError } from '../trace-error.ts';
import { reshaped, sliced, transposed } from './arrange.ts';
import type { KernelRule, KernelRules } from './rule.ts';
import { pad } from './shape.ts';

/** Blocks of an image become batches, as tfjs's cpu backend does it. */
const spaceToBatch: KernelRule = (recorder, { x }, { blockShape, paddings }) => {
  const count = util.sizeFromShape(blockShape);
  const spare = x.shape.length - 1 - blockShape.length;
  const around = [[0, 0], ...paddings, ...Array.from({ length: spare }, () => [0, 0])];
  const image = pad(recorder, { x }, { paddings: around, constantValue: 0 });
  const split = backend_util.getReshaped(image.shape, blockShape, count, false);
  const order = backend_util.getPermuted(split.length, blockShape.length, false);
  const shape = backend_util.getReshapedPermuted(image.shape, blockShape, count, false);
  const blocks = transposed(recorder, reshaped(recorder, recorder.name(image), split), order);
  return recorder.info(reshaped(recorder, blocks, shape), shape, x.dtype);
};

const batchToSpace: KernelRule = (recorder, { x }, { blockShape, crops }) => {
  const count = util.sizeFromShape(blockShape);
  const split = backend_util.getReshaped(x.shape, blockShape, count);
  const order = backend_util.getPermuted(split.length, blockShape.length);
  const whole = backend_util.getReshapedPermuted(x.shape, blockShape, count);
  const starts = backend_util.getSliceBeginCoords(crops, blockShape.length);
  const cropped = backend_util.getSliceSize(whole, crops, blockShape.length);
  const shape = [...cropped, ...whole.slice(cropped.length)];
  const blocks = transposed(recorder, reshaped(recorder, recorder.name(x), split), order);
  const ends = starts.map((start, axis) => start + cropped[axis]!);
  const name = sliced(recorder, reshaped(recorder, blocks, whole), { starts, ends });
  return recorder.info(name, shape, x.dtype);
};

const depthToSpace: KernelRule = (recorder, { x }, { blockSize, dataFormat }) => {
  if (dataFormat !== 'NHWC') throw new UnsupportedKernelError('DepthToSpace', ` of ${dataFormat}`);
  const [batch, height, width, channels] = x.shape;
  const depth = channels / blockSize ** 2;
  const split = [batch, height, width, blockSize, blockSize, depth];
  const blocks = reshaped(recorder, recorder.name(x), split);
  const shape = [batch, height * blockSize, width * blockSize, depth];
  const name = reshaped(recorder, transposed(recorder, blocks, [0, 1, 3, 2, 4, 5]), shape);
  return recorder.info(name, shape, x.dtype);
};

export const blockRules: KernelRules = {
  BatchToSpaceND: batchToSpace,
  DepthToSpace: depthToSpace,
  SpaceToBatchND: spaceToBatch,
};
