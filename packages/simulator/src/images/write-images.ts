import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadOptional, requirePositiveInteger } from '@rodpo/errors';
import { writeAtomically } from '@rodpo/files';
import type { Product } from '../catalogue/product.ts';
import { renderProduct } from '../drawing/render-product.ts';

export interface WriteImagesOptions {
  /** Side of the square images, in pixels. Default 96. */
  readonly size?: number;
  /** Images in work at a time. Default 4. */
  readonly concurrency?: number;
  /** Called after each image, written or found in place. */
  readonly onProgress?: (done: number, total: number) => void;
}

type Rasterise = (product: Product) => Promise<Uint8Array>;

/**
 * Draws every product to `<folder>/<id>.png`, making the folder if need be.
 *
 * Images already there are kept, whatever their size, so that a run that was
 * cut short can be taken up again; an image appears under its name only when
 * it is complete. Needs the optional peer `sharp`, loaded on first use.
 *
 * @throws {RangeError} if `size` or `concurrency` is not a positive integer, or an id cannot
 * name a file
 * @throws {Error} if `sharp` is missing or does not work
 */
export async function writeImages(
  products: readonly Product[],
  folder: string,
  { size = 96, concurrency = 4, onProgress }: WriteImagesOptions = {},
): Promise<void> {
  requirePositiveInteger('size', size);
  requirePositiveInteger('concurrency', concurrency);
  for (const { id } of products) requireFileName(id);

  await mkdir(folder, { recursive: true });
  const rasterise = await loadRasteriser(size);
  const waiting = products.values();
  let done = 0;
  const work = async () => {
    for (const product of waiting) {
      await writeOnce(join(folder, `${product.id}.png`), product, rasterise);
      done++;
      onProgress?.(done, products.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, products.length) }, work));
}

async function loadRasteriser(size: number): Promise<Rasterise> {
  const { default: sharp } = await loadOptional('sharp', () => import('sharp'));
  const density = 72 * Math.max(1, size / 128); // large images are drawn large, not blown up
  return (product) =>
    sharp(Buffer.from(renderProduct(product)), { density })
      .resize(size, size)
      .png()
      .toBuffer();
}

async function writeOnce(path: string, product: Product, rasterise: Rasterise): Promise<void> {
  if (await exists(path)) return;
  await writeAtomically(path, await rasterise(product));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function requireFileName(id: string): void {
  if (/^[\w-][\w.-]*$/.test(id)) return;
  throw new RangeError(
    `Product ids must be letters, digits, "_", "-" and "." to name files, got ${JSON.stringify(id)}`,
  );
}
