import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { UnusableInput } from '../unusable-input.ts';
import type { ImageFile } from './image-file.ts';
import { defaultMaxPixels, type ImageLimits } from './image-input.ts';
import { hasEndOfImage, type JpegHeader, readJpegHeader } from './jpeg-header.ts';
import { refuseTiff } from './refuse-tiff.ts';
import { unreadable } from './unreadable.ts';

export interface ImageHeader {
  /** Upright: after the EXIF orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** `rgb` covers greyscale; both are made three channels. */
  readonly colour: 'rgb' | 'cmyk';
  readonly hasAlpha: boolean;
  readonly bitsPerChannel: 8 | 16;
}

/** Opens bytes with sharp; a parameter so that sharp is loaded on first use only. */
export type OpenSharp = (bytes: Buffer, options?: SharpOptions) => Sharp;

/**
 * Reads no more than a file's header, so that an image that unpacks to gigabytes costs nothing.
 *
 * @throws {UnusableInput} `tooLarge`, `corrupt` or `unsupported`
 */
export async function readImageHeader(
  file: ImageFile,
  sharp: OpenSharp,
  { maxPixels = defaultMaxPixels }: ImageLimits,
): Promise<ImageHeader> {
  const jpeg = file.format === 'jpg' ? readJpegHeader(file.bytes) : undefined;
  refuseCutShort(file, jpeg);
  if (file.format === 'tiff') refuseTiff(file);
  const header = plainHeader(jpeg) ?? (await askSharp(file, sharp));
  if (header.width * header.height <= maxPixels) return header;
  throw new UnusableInput(
    'tooLarge',
    `${file.name} is ${header.width} × ${header.height} pixels, more than the limit of ` +
      `${maxPixels}. Raise maxPixels if you trust it.`,
  );
}

/** The decoder stops at the last row it needs, so it would miss that the rest is not there. */
function refuseCutShort({ bytes, format, name }: ImageFile, jpeg: JpegHeader | undefined): void {
  const isCutShort =
    (jpeg !== undefined && !hasEndOfImage(bytes, jpeg)) ||
    (format === 'png' && !bytes.includes('IEND'));
  if (isCutShort) throw new UnusableInput('corrupt', `${name} is cut short: it has no end mark.`);
}

/** What needs no question to sharp: most photos on the web. */
function plainHeader(jpeg: JpegHeader | undefined): ImageHeader | undefined {
  if (jpeg === undefined || jpeg.hasExif || jpeg.bitsPerChannel !== 8) return undefined;
  if (jpeg.channels !== 1 && jpeg.channels !== 3) return undefined;
  const { width, height } = jpeg;
  return { width, height, colour: 'rgb', hasAlpha: false, bitsPerChannel: 8 };
}

async function askSharp(file: ImageFile, sharp: OpenSharp): Promise<ImageHeader> {
  const metadata = await sharp(file.bytes, { failOn: 'error', limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
  const { autoOrient, space, depth, hasAlpha } = metadata;
  if (!isReadable(metadata)) {
    throw new UnusableInput(
      'unsupported',
      `${file.name} has the colour space ${space} with ${depth} channels. ` +
        'Convert it to greyscale, RGB or CMYK of 8 or 16 bits.',
    );
  }
  return {
    ...autoOrient,
    colour: space === 'cmyk' ? 'cmyk' : 'rgb',
    hasAlpha,
    bitsPerChannel: depth === 'ushort' ? 16 : 8,
  };
}

function isReadable({ space, depth }: Metadata): boolean {
  if (depth === 'uchar') return ['b-w', 'srgb', 'rgb', 'cmyk'].includes(space);
  return depth === 'ushort' && ['grey16', 'rgb16'].includes(space);
}
