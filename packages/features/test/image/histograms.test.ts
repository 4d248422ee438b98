import { UnusableInput } from '@rodpo/features';
import {
  type ColourHistogramOptions,
  colourHistogram,
  imageHistograms,
  type OrientedGradientsOptions,
  orientedGradients,
  type Pixels,
} from '@rodpo/features/image';
import { expectAllClose } from '@rodpo/testing';
import { hasRealData, realData } from '@rodpo/testing/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imagePath, type PackedPixels, readGolden, unpackFloats, unpackPixels } from './golden.ts';

const golden = readGolden<
  PackedPixels & {
    gradients: { options: OrientedGradientsOptions; vector: string }[];
    colours: { options: ColourHistogramOptions; vector: string }[];
  }
>('image-histograms');
const photo = unpackPixels(golden);

const anyPixels = fc
  .tuple(fc.integer({ min: 4, max: 12 }), fc.integer({ min: 4, max: 12 }))
  .chain(([width, height]) => {
    const length = width * height * 3;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((data): Pixels => ({ width, height, data }));
  });

describe('colourHistogram', () => {
  test('counts hue, saturation and value in each cell', () => {
    // Red and half-dark blue above, two whites below; 3 hues, 2 saturations, 2 values.
    const data = Uint8Array.of(255, 0, 0, 0, 0, 127, 255, 255, 255, 255, 255, 255);
    const options = { hueBins: 3, saturationBins: 2, valueBins: 2, grid: 1 };

    // Bin (hue · 2 + saturation) · 2 + value: red (0, 1, 1) = 3, blue (2, 1, 0) = 10 and white
    // (0, 0, 1) = 1, with shares 1/4, 1/4 and 1/2.
    const expected = new Float32Array(12);
    expected[3] = expected[10] = Math.sqrt(1 / 4);
    expected[1] = Math.sqrt(1 / 2);
    expectAllClose(colourHistogram({ width: 2, height: 2, data }, options), expected);
  });

  test.each(golden.colours)('agrees with NumPy and scikit-image, $options', (example) => {
    const { options, vector } = example;

    expectAllClose(colourHistogram(photo, options), unpackFloats(vector), { absolute: 1e-7 });
  });

  test('the dot product is the Bhattacharyya coefficient: 1 for equal, 0 for unlike', () => {
    const red = colourHistogram(plain(6, 6, [255, 0, 0]));
    const blue = colourHistogram(plain(9, 7, [0, 0, 255]));

    expectAllClose([dot(red, red), dot(blue, blue), dot(red, blue)], [1, 1, 0]);
  });

  test('has length one and does not change under enlargement', () => {
    fc.assert(
      fc.property(anyPixels, (pixels) => {
        const { width, height } = pixels;
        const even = cropped(pixels, width - (width % 2), height - (height % 2));
        const vector = colourHistogram(even);

        expectAllClose([dot(vector, vector)], [1]);
        expectAllClose(colourHistogram(doubled(even)), vector);
      }),
      { numRuns: 50 },
    );
  });

  test.each([{ hueBins: 0 }, { saturationBins: 1.5 }, { valueBins: -1 }, { grid: Number.NaN }])(
    'rejects %j',
    (options) => expect(() => colourHistogram(photo, options)).toThrow(RangeError),
  );

  test('rejects an image with fewer columns than the grid', () => {
    expect(() => colourHistogram(plain(2, 9, [1, 2, 3]), { grid: 3 })).toThrow(/got 2 × 9/);
  });
});

test.each([colourHistogram, orientedGradients])(
  '%o refuses pixels of another shape',
  (describe) => {
    const withAlpha = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 4) };

    expect(() => describe(withAlpha)).toThrow(
      new RangeError('Pixels of 64 × 64 in three channels are 12288 values, got 16384'),
    );
  },
);

describe('orientedGradients', () => {
  test('an upright edge has a sideways gradient, which is 0 degrees', () => {
    const data = plain(8, 8, [0, 0, 0]).data;
    for (let row = 0; row < 8; row++) data.fill(200, (row * 8 + 4) * 3, (row + 1) * 24);
    const options = { orientations: 4, cellSize: 8, blockSize: 1 };

    expectAllClose(orientedGradients({ width: 8, height: 8, data }, options), [1, 0, 0, 0]);
  });

  test.each(golden.gradients)('agrees with scikit-image, $options', ({ options, vector }) => {
    expectAllClose(orientedGradients(photo, options), unpackFloats(vector), { absolute: 1e-6 });
  });

  test('does not change when the image is inverted', () => {
    fc.assert(
      fc.property(anyPixels, (pixels) => {
        const options = { cellSize: 2 };
        const inverted = { ...pixels, data: pixels.data.map((value) => 255 - value) };

        expectAllClose(orientedGradients(inverted, options), orientedGradients(pixels, options));
      }),
      { numRuns: 50 },
    );
  });

  test('an image without edges is all zeros', () => {
    expect(orientedGradients(plain(64, 64, [9, 99, 199])).every((value) => value === 0)).toBe(true);
  });

  test.each([{ orientations: 0 }, { cellSize: 0.5 }, { blockSize: -2 }])('rejects %j', (options) =>
    expect(() => orientedGradients(photo, options)).toThrow(RangeError),
  );

  test('rejects an image that is smaller than a block', () => {
    expect(() => orientedGradients(plain(64, 63, [1, 2, 3]))).toThrow(
      /64 pixels a side, got 64 × 63/,
    );
  });
});

describe('imageHistograms', () => {
  test('describes itself', () => {
    const { dimension, description } = imageHistograms();

    // 2 · 2 cells of 8 · 3 · 3 colours; 3 · 3 blocks of 2 · 2 cells of 9 directions.
    expect(dimension).toBe(288 + 324);
    expect(description).toEqual({
      model: 'image-histograms',
      revision: '1',
      size: 128,
      colourShare: 0.5,
      colour: { hueBins: 8, saturationBins: 3, valueBins: 3, grid: 2 },
      gradients: { orientations: 9, cellSize: 32, blockSize: 2 },
    });
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  test('a batch is its images one after the other', async () => {
    const { prepare, embed, dimension, dispose } = imageHistograms();
    const first = await prepare(imagePath('photo.jpg'));
    const second = await prepare(imagePath('rgb.png'));
    const both = await embed([first, second]);

    expect(both.length).toBe(2 * dimension);
    expect(both.subarray(0, dimension)).toEqual(await embed([first]));
    expect(both.subarray(dimension)).toEqual(await embed([second]));
    expect((await embed([])).length).toBe(0);
    await dispose();
  });

  test('vectors have length one, in the shares asked for', async () => {
    const { prepare } = imageHistograms({ colourShare: 0.3 });
    const vector = await prepare(imagePath('photo.jpg'));

    const [colour, edges] = [vector.subarray(0, 288), vector.subarray(288)];
    expectAllClose([dot(colour, colour), dot(edges, edges)], [0.3, 0.7]);
  });

  test('joins the two histograms of the image at its fixed size', async () => {
    const options = { colour: { grid: 1 }, gradients: { cellSize: 20 } };
    const { prepare } = imageHistograms({ size: 40, colourShare: 1, ...options });
    const vector = await prepare(Buffer.from(await solidPng([20, 200, 90])));

    const expected = colourHistogram(plain(40, 40, [20, 200, 90]), options.colour);
    expectAllClose(vector, [...expected, ...new Float32Array(36)]);
  });

  test('a photo resembles its own recoding more than another photo', async () => {
    const { prepare } = imageHistograms();
    const [first, recoded, other] = await Promise.all(
      ['photo.jpg', 'photo-progressive.jpg', 'poster.jpg'].map((file) => prepare(imagePath(file))),
    );

    expect(dot(first!, recoded!)).toBeGreaterThan(0.98);
    expect(dot(first!, other!)).toBeLessThan(0.9);
  });

  test('an unusable image is told as such', async () => {
    await expect(imageHistograms().prepare('none.jpg')).rejects.toThrow(UnusableInput);
    await expect(
      imageHistograms({ limits: { maxPixels: 9 } }).prepare(imagePath('rgb.png')),
    ).rejects.toThrow(/maxPixels/);
  });

  test.each([
    { size: 0 },
    { size: 63 },
    { colourShare: 1.1 },
    { colourShare: Number.NaN },
    { colour: { grid: 0 } },
    { gradients: { cellSize: 65 } },
    { limits: { maxPixels: Number.NaN } },
  ])('rejects %j when it is made', (options) => {
    expect(() => imageHistograms(options)).toThrow(RangeError);
  });

  const poster = 'movielens-posters/1.jpg';
  test.skipIf(!hasRealData(poster))('describes a real poster, the same each time', async () => {
    const { prepare } = imageHistograms();
    const vector = await prepare(realData(poster));

    expectAllClose([dot(vector, vector)], [1]);
    expect(await prepare(realData(poster))).toEqual(vector);
  });
});

function plain(width: number, height: number, colour: readonly [number, number, number]): Pixels {
  const data = new Uint8Array(width * height * 3).map((_, at) => colour[at % 3]!);
  return { width, height, data };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

function cropped(pixels: Pixels, width: number, height: number): Pixels {
  return picked(pixels, width, height, (position) => position);
}

function doubled(pixels: Pixels): Pixels {
  return picked(pixels, pixels.width * 2, pixels.height * 2, (position) => position >> 1);
}

function picked(
  pixels: Pixels,
  width: number,
  height: number,
  source: (position: number) => number,
): Pixels {
  const data = new Uint8Array(width * height * 3).map((_, at) => {
    const pixel = Math.floor(at / 3);
    const row = source(Math.floor(pixel / width));
    return pixels.data[(row * pixels.width + source(pixel % width)) * 3 + (at % 3)]!;
  });
  return { width, height, data };
}

async function solidPng([r, g, b]: readonly [number, number, number]): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp({ create: { width: 50, height: 60, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
}
