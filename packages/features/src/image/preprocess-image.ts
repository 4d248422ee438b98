import type { ImageInput, ImageLimits } from './image-input.ts';
import { normalisePixels } from './normalise-pixels.ts';
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
 * @throws {UnusableInput} and {RangeError} as `decodeImage` does
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/image_processing_backends.py
 */
export async function preprocessImage(
  input: ImageInput,
  preprocessing: Preprocessing,
  limits: ImageLimits = {},
): Promise<Float32Array> {
  return normalisePixels(await scaledPixels(input, preprocessing, limits), preprocessing);
}
