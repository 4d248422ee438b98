import { loadOptional } from '@rodpo/errors';
import type { Sharp } from 'sharp';
import { type ImageFile, readImageFile } from './image-file.ts';
import { type ImageHeader, type OpenSharp, readImageHeader } from './image-header.ts';
import {
  defaultMaxPixels,
  type ImageInput,
  type ImageLimits,
  requireLimits,
} from './image-input.ts';
import { unreadable } from './unreadable.ts';

/** An image that is worth decoding, as far as its header tells. */
export interface ImageSource {
  readonly file: ImageFile;
  readonly header: ImageHeader;
  /**
   * A fresh pipeline that gives the image upright. What Pillow takes for damage is damage, what
   * it ignores is ignored: harmless warnings, colour profiles.
   */
  pipeline(colourspace: 'srgb' | 'cmyk'): Sharp;
}

/**
 * @throws {UnusableInput} if the file is of no use, as far as its header tells
 * @throws {RangeError} if a limit is no number from 1
 * @throws {Error} if `sharp` is missing or does not work
 */
export async function openImage(input: ImageInput, limits: ImageLimits): Promise<ImageSource> {
  requireLimits(limits);
  const sharp = await loadSharp();
  const file = await readImageFile(input, limits);
  const header = await readImageHeader(file, sharp, limits);
  const { maxPixels = defaultMaxPixels } = limits;
  const options = {
    autoOrient: true,
    failOn: 'error',
    ignoreIcc: true,
    limitInputPixels: Math.min(Math.floor(maxPixels), Number.MAX_SAFE_INTEGER),
  } as const;
  // Naming the colour space also keeps libvips from shrinking while it decodes, which changes
  // the pixels by up to 13 of 255 on average.
  const pipeline = (colourspace: 'srgb' | 'cmyk') =>
    sharp(file.bytes, options).pipelineColourspace(colourspace).toColourspace(colourspace);
  return { file, header, pipeline };
}

let loaded: OpenSharp | undefined;

/** Kept, because even an import of what is there already shows in the rate of small photos. */
async function loadSharp(): Promise<OpenSharp> {
  loaded ??= (await loadOptional('sharp', () => import('sharp'))).default;
  return loaded;
}

/** Runs a pipeline to its end: `[height, width, channels]`. */
export async function readPixels(pipeline: Sharp, file: ImageFile): Promise<Uint8Array> {
  const buffer = await pipeline
    .raw()
    .toBuffer()
    .catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
