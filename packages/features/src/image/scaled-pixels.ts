import { requireOneOf } from '@rodpo/errors';
import { UnusableInput } from '../unusable-input.ts';
import { decodeSource } from './decode-image.ts';
import { frameImage, type ImageFrame } from './image-frame.ts';
import type { ImageHeader } from './image-header.ts';
import { defaultMaxPixels, type ImageInput, type ImageLimits } from './image-input.ts';
import { type ImageSource, openImage, readPixels } from './image-source.ts';
import type { Pixels } from './pixels.ts';
import { type Preprocessing, type Resample, resamples } from './preprocessing.ts';
import { resamplePixels } from './resample-pixels.ts';

/**
 * Decodes, resizes and crops: the part of preprocessing that gives 8-bit pixels.
 *
 * @throws {RangeError} if the filter is none of its words
 */
export async function scaledPixels(
  input: ImageInput,
  preprocessing: Preprocessing,
  limits: ImageLimits,
): Promise<Pixels> {
  const { resample } = preprocessing;
  requireOneOf('resample', resample, resamples);
  const source = await openImage(input, limits);
  const frame = frameImage(source.header, preprocessing);
  refuseLarge(source, frame, limits);
  const visible = visiblePart(frame);
  const pixels = resizesLikePillow(source.header, frame, resample)
    ? await resizeWhileDecoding(source, visible, resample)
    : resamplePixels(await decodeSource(source), visible, resample);
  return fillAround(pixels, frame);
}

const kernels = { bilinear: 'linear', bicubic: 'cubic', lanczos: 'lanczos3' } as const;

/**
 * libvips and Pillow agree within 0.35 of 255 on average as long as both axes shrink, by less
 * than 4. Beyond that libvips averages blocks first (0.5 to 3 off), it enlarges with other
 * offsets (10 off), and it weighs colours by alpha.
 */
function resizesLikePillow(header: ImageHeader, { resized }: ImageFrame, resample: Resample) {
  const { width, height, colour, hasAlpha, bitsPerChannel } = header;
  const isPlain = colour === 'rgb' && !hasAlpha && bitsPerChannel === 8;
  const shrinks = [width / resized.width, height / resized.height];
  const isInRange = shrinks.every((shrink) => shrink >= 1 && shrink < 4);
  return isPlain && isInRange && resample !== 'nearest';
}

function resizeWhileDecoding(
  { pipeline, file }: ImageSource,
  { resized, ...area }: ImageFrame,
  resample: Resample,
): Promise<Pixels> {
  const kernel = kernels[resample as keyof typeof kernels];
  const resizing = pipeline('srgb')
    .resize(resized.width, resized.height, { fit: 'fill', kernel })
    .extract(area);
  return readPixels(resizing, file).then((data) => ({
    width: area.width,
    height: area.height,
    data,
  }));
}

function visiblePart({ resized, left, top, width, height }: ImageFrame): ImageFrame {
  return {
    resized,
    left: Math.max(0, left),
    top: Math.max(0, top),
    width: Math.min(width, resized.width),
    height: Math.min(height, resized.height),
  };
}

/** Black wherever the frame overhangs the image. */
function fillAround(pixels: Pixels, { left, top, width, height }: ImageFrame): Pixels {
  if (pixels.width === width && pixels.height === height) return pixels;
  const data = new Uint8Array(width * height * 3);
  const firstColumn = Math.max(0, -left);
  const firstRow = Math.max(0, -top);
  const rowLength = pixels.width * 3;
  for (let row = 0; row < pixels.height; row++) {
    const line = pixels.data.subarray(row * rowLength, (row + 1) * rowLength);
    data.set(line, ((firstRow + row) * width + firstColumn) * 3);
  }
  return { width, height, data };
}

/** A sliver of an image without a crop would be blown up to gigabytes. */
function refuseLarge({ file }: ImageSource, frame: ImageFrame, limits: ImageLimits): void {
  const { maxPixels = defaultMaxPixels } = limits;
  if (frame.width * frame.height <= maxPixels) return;
  throw new UnusableInput(
    'tooLarge',
    `${file.name} would be ${frame.width} × ${frame.height} pixels after resizing, more than ` +
      `the limit of ${maxPixels}. Crop it, or raise maxPixels.`,
  );
}
