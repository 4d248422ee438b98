import { DownloadFailure } from './download-failure.ts';
import { imageFile } from './image-file.ts';
import { headLength, type ImageExtension, sniffImage } from './image-format.ts';
import { writeComplete } from './partial-file.ts';

/**
 * Writes an image that comes in pieces to the place of its URL. Nothing is written of what does
 * not begin like an image.
 *
 * @throws {DownloadFailure} if it does not begin like an image, or as `body` throws
 */
export async function saveImage(
  body: AsyncGenerator<Buffer, void, undefined>,
  { folder, url }: { readonly folder: string; readonly url: URL },
): Promise<void> {
  try {
    const first = await body.next();
    const head = first.done ? Buffer.alloc(0) : first.value;
    const path = imageFile(folder, url, requireImage(head));
    await writeComplete(folder, path, joined(head, body));
  } finally {
    await body.return();
  }
}

async function* joined(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  yield head;
  yield* rest;
}

function requireImage(head: Buffer): ImageExtension {
  const extension = sniffImage(head.subarray(0, headLength));
  if (extension) return extension;
  const found = head.length === 0 ? 'an empty body' : `${head.subarray(0, 12).toString('hex')}…`;
  throw new DownloadFailure(
    'unsupported',
    `expected JPEG, PNG, GIF, WebP, TIFF or AVIF by its first bytes, got ${found}`,
  );
}
