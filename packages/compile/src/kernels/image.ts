import { backend_util } from '@tensorflow/tfjs-core';
import { reshaped, table } from './arrange.ts';
import { type KernelRule, type KernelRules, named } from './rule.ts';
import { slicingRules } from './slicing.ts';

const flipLeftRight: KernelRule = (recorder, { image }) =>
  slicingRules.Reverse!(recorder, { x: image }, { dims: [2] });

/** For every pixel, the pixel that is turned to its place; -1 where none is. */
function turnedFrom(
  height: number,
  width: number,
  radians: number,
  [centerX, centerY]: readonly [number, number],
): number[] {
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  return Array.from({ length: height * width }, (_, pixel) => {
    const [x, y] = [(pixel % width) - centerX, Math.floor(pixel / width) - centerY];
    const column = Math.round(x * cosine - y * sine + centerX);
    const row = Math.round(x * sine + y * cosine + centerY);
    const isInside = column >= 0 && column < width && row >= 0 && row < height;
    return isInside ? row * width + column : -1;
  });
}

/** The angle is an attribute, so the pixels to take are known: one gather. */
const rotate: KernelRule = (recorder, { image }, { radians, fillValue, center }) => {
  const { graph } = recorder;
  const [batch, height, width, channels] = image.shape;
  const middle = backend_util.getImageCenter(center, height, width);
  const cells = turnedFrom(height, width, radians, middle);
  const pixels = reshaped(recorder, named(recorder, image, 'float32'), [
    batch,
    height * width,
    channels,
  ]);
  const places = graph.integers(cells.map((cell) => Math.max(0, cell)));
  const taken = graph.apply('Gather', [pixels, places], { axis: 1 });
  // Colours of the background are given without the fourth channel, opacity.
  const colours = Array.from({ length: channels }, (_, channel) =>
    typeof fillValue === 'number' ? fillValue : channel === 3 ? 255 : fillValue[channel],
  );
  const isInside = table(
    recorder,
    'bool',
    [height * width, 1],
    cells.map((cell) => (cell < 0 ? 0 : 1)),
  );
  const background = table(recorder, 'float32', [channels], colours);
  const name = graph.apply('Where', [isInside, taken, background]);
  return recorder.info(reshaped(recorder, name, image.shape), image.shape, image.dtype);
};

export const imageRules: KernelRules = {
  FlipLeftRight: flipLeftRight,
  RotateWithOffset: rotate,
};
