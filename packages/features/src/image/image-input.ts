import { actionable } from '@rodpo/errors';

/** The path of an image file, or the file's bytes. */
export type ImageInput = string | Uint8Array;

/** What is refused before anything is decoded; `Infinity` refuses nothing. */
export interface ImageLimits {
  /** Width times height of the image as it is stored. Default 64 megapixels (64,000,000). */
  readonly maxPixels?: number;
  /** Size of the file. Default 64 MiB. */
  readonly maxBytes?: number;
}

export const defaultMaxPixels = 64_000_000;
export const defaultMaxBytes: number = 64 * 1024 * 1024;

/** @throws {RangeError} unless each that is given is a number from 1 */
export function requireLimits({
  maxPixels = defaultMaxPixels,
  maxBytes = defaultMaxBytes,
}: ImageLimits): void {
  for (const [name, value] of Object.entries({ maxPixels, maxBytes })) {
    if (value >= 1) continue;
    throw actionable(new RangeError(`${name} must be a number from 1, got ${value}`));
  }
}
