import type { ImageFrame } from './image-frame.ts';
import type { Pixels } from './pixels.ts';
import type { Resample } from './preprocessing.ts';
import { type AxisWeights, resampleWeights, weightBits } from './resample-weights.ts';

/**
 * Resizes as Pillow does, bit for bit: one axis, rounded to 8 bits, then the other. Only what
 * `frame` shows of the resized image is computed; it must lie inside.
 *
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 */
export function resamplePixels(pixels: Pixels, frame: ImageFrame, resample: Resample): Pixels {
  const { resized, left, top, width, height } = frame;
  const columns = resampleWeights(
    { inputLength: pixels.width, outputLength: resized.width, start: left, end: left + width },
    resample,
  );
  const rows = resampleWeights(
    { inputLength: pixels.height, outputLength: resized.height, start: top, end: top + height },
    resample,
  );
  // Pillow begins with the axis that makes the image smaller.
  if (resized.width > pixels.width && resized.height < pixels.height) {
    return mixColumns(mixRows(pixels, rows), columns);
  }
  const firstRow = rows.first[0]!;
  const endRow = rows.first[height - 1]! + rows.count[height - 1]!;
  const needed = mixColumns(pixels, columns, firstRow, endRow);
  return mixRows(needed, rows, firstRow);
}

const half: number = 2 ** (weightBits - 1);

/** Every column of the result from columns of the input, in rows `firstRow` to `endRow` only. */
function mixColumns(
  { width, height, data }: Pixels,
  { first, count, weights, stride }: AxisWeights,
  firstRow = 0,
  endRow = height,
): Pixels {
  const result = new Uint8ClampedArray((endRow - firstRow) * first.length * 3);
  let to = 0;
  for (let row = firstRow; row < endRow; row++) {
    for (let column = 0; column < first.length; column++) {
      const start = column * stride;
      const end = start + count[column]!;
      let from = (row * width + first[column]!) * 3;
      let red = half;
      let green = half;
      let blue = half;
      for (let tap = start; tap < end; tap++, from += 3) {
        const weight = weights[tap]!;
        red = (red + Math.imul(weight, data[from]!)) | 0;
        green = (green + Math.imul(weight, data[from + 1]!)) | 0;
        blue = (blue + Math.imul(weight, data[from + 2]!)) | 0;
      }
      result[to++] = red >> weightBits;
      result[to++] = green >> weightBits;
      result[to++] = blue >> weightBits;
    }
  }
  return {
    width: first.length,
    height: endRow - firstRow,
    data: new Uint8Array(result.buffer),
  };
}

/** Every row of the result from rows of the input, which begins with row `firstRow`. */
function mixRows(
  { width, data }: Pixels,
  { first, count, weights, stride }: AxisWeights,
  firstRow = 0,
): Pixels {
  const rowLength = width * 3;
  const result = new Uint8ClampedArray(first.length * rowLength);
  const sums = new Int32Array(rowLength);
  for (let row = 0; row < first.length; row++) {
    sums.fill(half);
    for (let tap = 0; tap < count[row]!; tap++) {
      const weight = weights[row * stride + tap]!;
      const from = (first[row]! - firstRow + tap) * rowLength;
      for (let at = 0; at < rowLength; at++) {
        sums[at] = sums[at]! + Math.imul(weight, data[from + at]!);
      }
    }
    for (let at = 0; at < rowLength; at++) result[row * rowLength + at] = sums[at]! >> weightBits;
  }
  return { width, height: first.length, data: new Uint8Array(result.buffer) };
}
