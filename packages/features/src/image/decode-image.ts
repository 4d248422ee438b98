import { cmykToRgb } from './cmyk-to-rgb.ts';
import type { ImageInput, ImageLimits } from './image-input.ts';
import { type ImageSource, openImage, readPixels } from './image-source.ts';
import type { Pixels } from './pixels.ts';

export interface DecodeOptions extends ImageLimits {
  /**
   * `[red, green, blue]`, 0 to 255, to blend transparent pixels with. By default alpha is dropped, and that
   * of CMYK always.
   */
  readonly background?: readonly [number, number, number];
}

/**
 * Reads a JPEG, PNG, WebP, GIF, TIFF or AVIF, as `ImageOps.exif_transpose(image).convert('RGB')`
 * does in Python: upright, the first frame of several, greyscale made three channels, colour
 * profiles ignored. Alpha is dropped: a transparent pixel shows the colour stored under it.
 *
 * Where Pillow differs: 16-bit greyscale is scaled to 8 bits (Pillow turns all above 255 white);
 * transparent pixels of a GIF are black (Pillow shows the palette's colour); colour in a
 * subsampled AVIF is spread otherwise; an orientation given in XMP only is not applied.
 *
 * @throws {UnusableInput} if the input is an address, absent, of an unknown kind, damaged, cut
 * short or too large
 * @throws {RangeError} if a limit is no number from 1
 * @throws {Error} if the optional peer `sharp` is missing or does not work
 * @see https://pillow.readthedocs.io/en/stable/reference/ImageOps.html#PIL.ImageOps.exif_transpose
 */
export async function decodeImage(
  input: ImageInput,
  { background, ...limits }: DecodeOptions = {},
): Promise<Pixels> {
  return decodeSource(await openImage(input, limits), background);
}

export async function decodeSource(
  source: ImageSource,
  background?: DecodeOptions['background'],
): Promise<Pixels> {
  const { file, header, pipeline } = source;
  const { width, height, colour } = header;
  if (colour === 'cmyk') {
    const inks = pipeline('cmyk').removeAlpha(); // any channel beyond the four
    return { width, height, data: cmykToRgb(await readPixels(inks, file)) };
  }
  const whole = pipeline('srgb');
  const opaque = background ? whole.flatten({ background: asColour(background) }) : whole;
  return { width, height, data: await readPixels(opaque.removeAlpha(), file) };
}

function asColour([r, g, b]: readonly [number, number, number]) {
  return { r, g, b };
}
