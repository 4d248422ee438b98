import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type FailureReason, UnusableInput } from '@rodpo/features';
import {
  clipPreprocessing,
  decodeImage,
  type ImageInput,
  type ImageLimits,
  preprocessImage,
} from '@rodpo/features/image';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imagePath } from './golden.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unusable-images-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Both ways into the package, which must agree on what is unusable. */
const ways = [
  {
    way: 'decodeImage',
    read: (input: ImageInput, limits?: ImageLimits): Promise<unknown> => decodeImage(input, limits),
  },
  {
    way: 'preprocessImage',
    read: (input: ImageInput, limits?: ImageLimits): Promise<unknown> =>
      preprocessImage(input, clipPreprocessing, limits),
  },
];

describe.each(ways)('$way', ({ read }) => {
  test.each([
    'http://example.org/a.jpg',
    'https://example.org/a.jpg',
    'HTTPS://EXAMPLE.ORG/A.JPG',
    'data:image/png;base64,AAAA',
    'file:///a.jpg',
    's3://bucket/a.jpg',
  ])('refuses the address %s and says what to do', async (address) => {
    await expectUnusable(read(address), 'url', /Download images first/);
  });

  test.each(['', 'no-such-file.jpg', `${imagePath('rgb.png')}/below-a-file`, 'zero\0byte.png'])(
    'there is no file %j',
    async (path) => expectUnusable(read(path), 'missing', /no file/),
  );

  test('a folder is not a file', async () => {
    await expectUnusable(read(folder), 'unsupported', /not a file/);
  });

  test.each([
    ['text.jpg', 'This is no image.'],
    ['drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'],
    ['paper.tiff', '%PDF-1.7\n'],
    ['page.webp', '<!doctype html><title>404</title>'],
    ['bitmap.gif', 'BM\x3a\0\0\0\0\0\0\0\x36\0\0\0'],
  ])('%s is of another kind than its name says', async (name, content) => {
    const path = join(folder, name);
    await writeFile(path, content, 'latin1');

    await expectUnusable(read(path), 'unsupported', /first bytes/);
  });

  test('an empty file is damaged', async () => {
    const path = join(folder, 'empty.jpg');
    await writeFile(path, '');

    await expectUnusable(read(path), 'corrupt', /empty/);
    await expectUnusable(read(new Uint8Array(0)), 'corrupt', /empty/);
  });

  test.each([
    'photo.jpg',
    'photo-progressive.jpg',
    'orientation-6.jpg',
    'cmyk.jpg',
    'grey.jpg',
    'rgb.png',
    'alpha.png',
    'interlaced.png',
    'alpha.webp',
    'lossy.webp',
    'rgb.tif',
    'rgb.avif',
    'transparent.gif',
  ])('%s cut short anywhere is damaged', async (file) => {
    const bytes = await readFile(imagePath(file));
    for (const share of [0.05, 0.3, 0.5, 0.8, 0.95, 0.99]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      const error = await read(cut).catch((reason: unknown) => reason);

      expect([file, share, (error as UnusableInput).reason]).toEqual([file, share, 'corrupt']);
    }
  });

  test.each([
    ['poster.jpg', 2],
    ['poster.jpg', 200],
    ['rgb.png', 8],
    ['rgb.png', 12],
  ])('%s without its last bytes (%i) is damaged', async (file, count) => {
    const bytes = await readFile(imagePath(file));

    await expectUnusable(read(bytes.subarray(0, -count)), 'corrupt', /cut short/);
  });

  test('an end mark in the header, as in a thumbnail, is not the end of the photo', async () => {
    const bytes = await readFile(imagePath('poster.jpg'));
    const comment = Buffer.of(0xff, 0xfe, 0, 4, 0xff, 0xd9);
    const commented = Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2)]);

    expect(await read(commented)).toEqual(await read(bytes));
    await expectUnusable(read(commented.subarray(0, -200)), 'corrupt', /cut short/);
  });

  test('a TIFF with a strip cut short is damaged', async () => {
    const tiff = await sharp(imagePath('photo.jpg')).tiff({ compression: 'jpeg' }).toBuffer();

    await expect(read(tiff)).resolves.toBeDefined();
    await expectUnusable(read(tiff.subarray(0, -20)), 'corrupt', /decoded as tiff/);
  });

  test('a photo with something behind its end is not damaged', async () => {
    const bytes = await readFile(imagePath('photo.jpg'));
    const longer = Buffer.concat([bytes, Buffer.from('\0\0trailer')]);

    expect(await read(longer)).toEqual(await read(bytes));
  });

  test('a photo with stray bytes between two segments is not damaged', async () => {
    // libjpeg warns of "extraneous bytes before marker" and goes on.
    const bytes = await readFile(imagePath('photo.jpg'));
    const end = 4 + bytes.readUInt16BE(4); // of the first segment
    const stray = Buffer.concat([bytes.subarray(0, end), Buffer.of(0, 0), bytes.subarray(end)]);

    expect(await read(stray)).toEqual(await read(bytes));
  });

  test('an image that unpacks to 7.5 GB is refused by its header', async () => {
    await expectUnusable(read(claimedPng(50_000, 50_000)), 'tooLarge', /50000 × 50000.*64000000/);
  });

  test('maxPixels is the largest number of pixels that is read', async () => {
    const path = imagePath('rgb.png');

    await expectUnusable(read(path, { maxPixels: 40 * 28 - 1 }), 'tooLarge', /maxPixels/);
    await expect(decodeImage(path, { maxPixels: 40 * 28 })).resolves.toBeDefined();
  });

  test('maxBytes is the largest size of file that is read', async () => {
    const bytes = await readFile(imagePath('photo.jpg'));
    for (const input of [bytes, imagePath('photo.jpg')]) {
      await expectUnusable(read(input, { maxBytes: bytes.length - 1 }), 'tooLarge', /maxBytes/);
      await expect(read(input, { maxBytes: bytes.length })).resolves.toBeDefined();
    }
  });

  test.each([Number.NaN, 0, -1])('%d is no limit', async (limit) => {
    for (const name of ['maxPixels', 'maxBytes']) {
      await expect(read(imagePath('rgb.png'), { [name]: limit })).rejects.toThrow(
        new RangeError(`${name} must be a number from 1, got ${limit}`),
      );
    }
  });

  test('a limit may be any number, and Infinity is none', async () => {
    const limit = { maxPixels: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };

    await expect(read(imagePath('rgb.png'), limit)).resolves.toBeDefined();
    await expect(read(imagePath('rgb.png'), { maxPixels: 1e6 + 0.5 })).resolves.toBeDefined();
  });

  test('floating-point channels are not read', async () => {
    await expectUnusable(read(imagePath('float.tif')), 'unsupported', /8 or 16 bits/);
  });

  test('damage anywhere in a photo gives pixels or UnusableInput, nothing else', async () => {
    const bytes = await readFile(imagePath('orientation-3.jpg'));
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const error = await read(damaged).then(
          () => undefined,
          (reason: unknown) => reason,
        );

        if (error !== undefined) expect(error).toBeInstanceOf(UnusableInput);
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

async function expectUnusable(
  reading: Promise<unknown>,
  reason: FailureReason,
  message: RegExp,
): Promise<void> {
  const error = await reading.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnusableInput);
  expect(error).toMatchObject({ reason, message: expect.stringMatching(message) });
}

/** A PNG of a few bytes whose header promises more. */
function claimedPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', Buffer.of(0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
