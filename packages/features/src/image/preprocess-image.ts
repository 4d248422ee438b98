import type { ImageInput, ImageLimits } from './image-input.ts';
import type { Pixels } from './pixels.ts';
import type { Preprocessing } from './preprocessing.ts';
import { scaledPixels } from './scaled-pixels.ts';

/**
 * An image as a vision model takes it: resized, cropped, rescaled and normalised as the slow
 * (Pillow) image processors of Hugging Face's transformers do.
 *
 * Pixels are Pillow's own, bit for bit, or within 0.5 of 255 on average where libvips resizes
 * while decoding: 8-bit images without alpha, both sides made smaller, by less than 4. Other
 * resizing runs in JavaScript: about 50 ms for 2.5 megapixels.
 *
 * @returns `[3, height, width]`
 * @throws {UnusableInput} as `decodeImage` does
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/image_processing_backends.py
 */
export async function preprocessImage(
  input: ImageInput,
  preprocessing: Preprocessing,
  limits: ImageLimits = {},
): Promise<Float32Array> {
  return normalisePixels(await scaledPixels(input, preprocessing, limits), preprocessing);
}

/** `[height, width, 3]` of 8 bits → `[3, height, width]`. */
function normalisePixels({ data }: Pixels, preprocessing: Preprocessing): Float32Array {
  const planeSize = data.length / 3;
  const planes = new Float32Array(data.length);
  const red = levels(preprocessing, 0);
  const green = levels(preprocessing, 1);
  const blue = levels(preprocessing, 2);
  for (let pixel = 0, from = 0; pixel < planeSize; pixel++, from += 3) {
    planes[pixel] = red[data[from]!]!;
    planes[pixel + planeSize] = green[data[from + 1]!]!;
    planes[pixel + 2 * planeSize] = blue[data[from + 2]!]!;
  }
  return planes;
}

/** `[256]`: what becomes of each channel value, rounded to 32 bits where NumPy rounds. */
function levels({ rescale, mean, std }: Preprocessing, channel: 0 | 1 | 2): Float32Array {
  const shift = Math.fround(mean[channel]);
  const scale = Math.fround(std[channel]);
  const table = new Float32Array(256);
  for (let value = 0; value < 256; value++) {
    table[value] = Math.fround(Math.fround(value * rescale) - shift) / scale;
  }
  return table;
}
