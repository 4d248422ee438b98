import { readFileSync } from 'node:fs';
import { decodeImage } from '@rodpo/features/image';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { difference, imagePath, type PackedPixels, readGolden, unpackPixels } from './golden.ts';

interface DecodedImage extends PackedPixels {
  readonly file: string;
}

const golden = readGolden<{
  decoded: DecodedImage[];
  blended: DecodedImage & { background: [number, number, number] };
}>('image-kinds');

describe('decodeImage', () => {
  test('takes a path or the bytes', async () => {
    const path = imagePath('rgb.png');

    expect(await decodeImage(readFileSync(path))).toEqual(await decodeImage(path));
  });

  test('reads bytes that are a part of a larger buffer', async () => {
    const bytes = readFileSync(imagePath('rgb.png'));
    const larger = new Uint8Array(bytes.length + 20).fill(7);
    larger.set(bytes, 10);

    expect(await decodeImage(larger.subarray(10, 10 + bytes.length))).toEqual(
      await decodeImage(bytes),
    );
  });

  test('gives rows of red, green and blue', async () => {
    const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const png = await sharp(data, { raw: { width: 3, height: 2, channels: 3 } })
      .png()
      .toBuffer();

    expect(await decodeImage(png)).toEqual({ width: 3, height: 2, data });
  });

  test('is tested on every kind of file', () => {
    expect(golden.decoded.length).toBe(38);
  });

  const lossless = golden.decoded.filter(({ file }) => file !== 'rgb.avif');
  test.each(lossless)('reads $file as Pillow does, bit for bit', async (image) => {
    expect(await decodeImage(imagePath(image.file))).toEqual(unpackPixels(image));
  });

  // AVIF's colour transform is computed with other rounding by libavif and libheif.
  test('reads AVIF as Pillow does, but for rounding', async () => {
    const image = golden.decoded.find(({ file }) => file === 'rgb.avif')!;
    const { mean, max } = difference(
      (await decodeImage(imagePath(image.file))).data,
      unpackPixels(image).data,
    );

    expect(mean).toBeLessThan(0.5);
    expect(max).toBeLessThanOrEqual(3);
  });

  // Both round once, at .5 in different directions.
  test('blends transparent pixels with a background, as alpha compositing does', async () => {
    const { file, background } = golden.blended;
    const pixels = await decodeImage(imagePath(file), { background });

    expect(difference(pixels.data, unpackPixels(golden.blended).data).max).toBeLessThanOrEqual(1);
  });

  test('leaves an opaque image alone, whatever the background', async () => {
    const path = imagePath('rgb.png');

    expect(await decodeImage(path, { background: [9, 9, 9] })).toEqual(await decodeImage(path));
  });
});
