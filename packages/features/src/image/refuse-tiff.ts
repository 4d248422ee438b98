import { UnusableInput } from '../unusable-input.ts';
import type { ImageFile } from './image-file.ts';
import { readTiffHeader } from './tiff-header.ts';

/** Compressions that `sharp` as it is published undoes, by their number. */
const readCompressions: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 7, 8, 32773, 32946, 50001]);

const compressionNames: ReadonlyMap<number, string> = new Map([
  [6, 'old JPEG'],
  [34712, 'JPEG 2000'],
  [34887, 'LERC'],
  [34925, 'LZMA'],
  [50000, 'ZSTD'],
  [50002, 'JPEG XL'],
]);

/** What channels can mean that the decoder takes for something else or does not know. */
const colourSpaces: ReadonlyMap<number, string> = new Map([
  [6, 'YCbCr'],
  [8, 'CIE L*a*b*'],
  [9, 'ICC L*a*b*'],
  [10, 'ITU L*a*b*'],
  [32803, 'a colour filter array'],
  [32844, 'LogL'],
  [32845, 'LogLuv'],
]);

const ycbcr = 6;
const jpeg = 7;

/**
 * Refuses what the decoder would show in wrong colours, or call damaged. YCbCr is right where JPEG
 * compresses it, as that turns it into RGB.
 *
 * @throws {UnusableInput} `unsupported`, with the compression or the colour space
 */
export function refuseTiff({ bytes, name }: ImageFile): void {
  const header = readTiffHeader(bytes);
  if (!header) return;
  const { compression, photometric = 2 } = header;
  if (!readCompressions.has(compression)) {
    const kind = compressionNames.get(compression) ?? `scheme ${compression}`;
    throw unsupported(name, `the compression ${kind}`, 'Save it with Deflate, LZW or JPEG');
  }
  const space = colourSpaces.get(photometric);
  if (space === undefined || (photometric === ycbcr && compression === jpeg)) return;
  throw unsupported(name, `the colour space ${space}`, 'Convert it to greyscale, RGB or CMYK');
}

function unsupported(name: string, what: string, advice: string): UnusableInput {
  const problem = `${name} is a TIFF with ${what}, which is not read here`;
  return new UnusableInput('unsupported', `${problem}. ${advice}.`);
}
