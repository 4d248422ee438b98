/** Formats that are kept, as file extensions. */
export const imageExtensions = ['jpg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const;

export type ImageExtension = (typeof imageExtensions)[number];

/** How many bytes of a file are enough to tell its format. */
export const headLength = 64;

/**
 * The format that a file's first bytes announce; what a server calls it counts for nothing.
 *
 * @see https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
 * @see https://aomediacodec.github.io/av1-avif/ for the brands of AVIF
 */
export function sniffImage(head: Buffer): ImageExtension | undefined {
  const text = head.toString('latin1');
  if (text.startsWith('\xff\xd8\xff')) return 'jpg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^GIF8[79]a/.test(text)) return 'gif';
  if (text.startsWith('RIFF') && text.startsWith('WEBPVP', 8)) return 'webp';
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return 'tiff';
  if (text.startsWith('ftyp', 4) && brands(head).some(isAvif)) return 'avif';
  return undefined;
}

/** Of an ISO media file: the major brand, then, after a version number, the compatible ones. */
function brands(head: Buffer): string[] {
  const boxEnd = Math.min(head.readUInt32BE(0), head.length);
  const found = [head.toString('latin1', 8, 12)];
  for (let start = 16; start + 4 <= boxEnd; start += 4) {
    found.push(head.toString('latin1', start, start + 4));
  }
  return found;
}

/** Still image, or image sequence. */
function isAvif(brand: string): boolean {
  return brand === 'avif' || brand === 'avis';
}
