export interface TiffHeader {
  /** Tag 259: 1 is none. */
  readonly compression: number;
  /** Tag 262: what the channels mean; 2 is RGB. Undefined if it is not said. */
  readonly photometric: number | undefined;
}

/**
 * What a TIFF says of its first image; undefined if it is damaged, which the decoder finds, too.
 *
 * @see https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf sections 2 and 8
 * @see https://libtiff.gitlab.io/libtiff/specification/bigtiff.html
 */
export function readTiffHeader(bytes: Buffer): TiffHeader | undefined {
  try {
    return readDirectory(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // it points beyond the end
    throw error;
  }
}

function readDirectory(bytes: Buffer): TiffHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[0] === 0x49; // `II`
  const isBig = view.getUint16(2, isLittle) === 43;
  const wide = (at: number) => Number(view.getBigUint64(at, isLittle));
  const start = isBig ? wide(8) : view.getUint32(4, isLittle);
  const count = isBig ? wide(start) : view.getUint16(start, isLittle);
  const [first, size, valueAt] = isBig ? [start + 8, 20, 12] : [start + 2, 12, 8];
  const tags = new Map<number, number>();
  for (let at = first; at < first + count * size && at + size <= bytes.length; at += size) {
    const value = view.getUint16(at + 2, isLittle) === short ? 'getUint16' : 'getUint32';
    tags.set(view.getUint16(at, isLittle), view[value](at + valueAt, isLittle));
  }
  return { compression: tags.get(259) ?? 1, photometric: tags.get(262) };
}

/** The type of numbers of 16 bits. */
const short = 3;
