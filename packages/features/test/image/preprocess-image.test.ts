import {
  clipPreprocessing,
  decodeImage,
  type Preprocessing,
  parsePreprocessing,
  preprocessImage,
  type Resample,
} from '@rodpo/features/image';
import { expectAllClose } from '@rodpo/testing';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import {
  difference,
  imagePath,
  type PackedPixels,
  readGolden,
  unpackFloats,
  unpackPixels,
} from './golden.ts';

interface Resized extends PackedPixels {
  readonly file: string;
  readonly resample: Resample;
}

interface Processed {
  readonly file: string;
  readonly config: Record<string, unknown>;
  readonly width: number;
  readonly height: number;
  readonly row: number;
  readonly column: number;
  readonly step: number;
  readonly data: string;
}

const golden = readGolden<{ resized: Resized[]; processed: Processed[] }>('image-preprocessing');

/** Nothing but decoding, so that the result is channel values from 0 to 255. */
const untouched: Preprocessing = {
  resample: 'bicubic',
  rescale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

describe('layout and arithmetic', () => {
  test('planes are red, green and blue, rescaled and normalised', async () => {
    const data = Uint8Array.of(10, 20, 30, 40, 50, 60);
    const png = await sharp(data, { raw: { width: 2, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    const preprocessing: Preprocessing = {
      ...untouched,
      rescale: 0.1,
      mean: [1, 2, 3],
      std: [1, 2, 4],
    };

    // Red 10, 40 → 1, 4 → 0, 3; green 20, 50 → 2, 5 → 0, 1.5; blue 30, 60 → 3, 6 → 0, 0.75.
    expectAllClose(await preprocessImage(png, preprocessing), [0, 3, 0, 1.5, 0, 0.75]);
  });

  test('what the crop lacks is black before normalising, the odd line first', async () => {
    const data = Uint8Array.of(50, 60, 70);
    const png = await sharp(data, { raw: { width: 1, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    const preprocessing = { ...untouched, crop: { width: 2, height: 4 }, mean: [1, 1, 1] } as const;

    // One pixel in 2 × 4: 1 line of filling on the left, 2 above and 1 below.
    expect(await preprocessImage(png, preprocessing)).toEqual(
      Float32Array.of(
        ...[-1, -1, -1, -1, -1, 49, -1, -1],
        ...[-1, -1, -1, -1, -1, 59, -1, -1],
        ...[-1, -1, -1, -1, -1, 69, -1, -1],
      ),
    );
  });

  // 47 · 40 / 28 = 67.1; 46 · 40 / 28 = 65.7
  test.each([
    { file: 'rgb.png', shortestEdge: 47, long: 67 },
    { file: 'rgb.png', shortestEdge: 46, long: 65 },
    { file: 'orientation-6.jpg', shortestEdge: 46, long: 65 },
  ])('the long side of $file is rounded down to $long', async ({ file, shortestEdge, long }) => {
    const resize = { shortestEdge };
    const values = await preprocessImage(imagePath(file), { ...untouched, resize });

    expect(values.length).toBe(3 * shortestEdge * long);
  });
});

describe('resizing', () => {
  test.each(golden.resized)('$file to $width × $height, $resample, is Pillow’s', async (image) => {
    const { file, resample, width, height } = image;
    const { width: inputWidth, height: inputHeight } = await decodeImage(imagePath(file));
    const preprocessing = { ...untouched, resample, resize: { width, height } };
    const expected = planes(unpackPixels(image).data);

    const { mean, max } = difference(
      await preprocessImage(imagePath(file), preprocessing),
      expected,
    );

    const isPlain = /^(photo|photo-progressive|poster|rgb)\./.test(file);
    const isByLibvips =
      isPlain &&
      resample !== 'nearest' &&
      [inputWidth / width, inputHeight / height].every((shrink) => shrink >= 1 && shrink < 4);
    expect(mean).toBeLessThanOrEqual(isByLibvips ? 0.5 : 0);
    expect(max).toBeLessThanOrEqual(isByLibvips ? 24 : 0);
  });

  test('turns an image upright before it resizes and crops', async () => {
    const preprocessing = {
      ...untouched,
      resize: { width: 14, height: 20 },
      crop: { width: 5, height: 11 },
    };
    const { data } = await decodeImage(imagePath('orientation-6.jpg'));
    const upright = await sharp(data, { raw: { width: 28, height: 40, channels: 3 } })
      .png()
      .toBuffer();

    const { mean } = difference(
      await preprocessImage(imagePath('orientation-6.jpg'), preprocessing),
      await preprocessImage(upright, preprocessing),
    );
    expect(mean).toBeLessThan(0.5);
  });

  test.each([8, 16, 80])('a filter of another name is refused, at a side of %d', async (side) => {
    const named = {
      ...untouched,
      resize: { width: side, height: side },
      resample: 'cubic' as 'bicubic',
    };

    await expect(preprocessImage(imagePath('rgb.png'), named)).rejects.toThrow(
      'resample must be one of "nearest", "bilinear", "bicubic", "lanczos", got "cubic"',
    );
  });

  test('a sliver that would become gigabytes is too large, unless it is cropped', async () => {
    const sliver = await sharp({
      create: { width: 1, height: 60_000, channels: 3, background: 'red' },
    })
      .png()
      .toBuffer();
    const resize = { shortestEdge: 224 };

    await expect(preprocessImage(sliver, { ...untouched, resize })).rejects.toThrow(
      expect.objectContaining({ reason: 'tooLarge' }),
    );
    const cropped = { ...untouched, resize, crop: { width: 2, height: 2 } };
    expect((await preprocessImage(sliver, cropped)).slice(0, 8)).toEqual(
      Float32Array.of(255, 255, 255, 255, 0, 0, 0, 0),
    );
  });
});

describe('Hugging Face’s processors', () => {
  test.each(golden.processed.map((example, index) => ({ index, ...example })))(
    '$index: $file by $config',
    async (example) => {
      const preprocessing = parsePreprocessing(example.config);
      const actual = await preprocessImage(imagePath(example.file), preprocessing);
      const sample = sampled(actual, example);
      const expected = unpackFloats(example.data);

      // 0.5 of 255, in the unit of the result.
      const channelUnit = preprocessing.rescale / Math.min(...preprocessing.std);
      expect(actual.length).toBe(3 * example.width * example.height);
      expect(difference(sample, expected).mean).toBeLessThan(0.5 * channelUnit);
    },
  );

  test('enlarged images are equal to the last bit', async () => {
    const example = golden.processed[1]!;
    const actual = await preprocessImage(imagePath(example.file), clipPreprocessing);

    expect(example.config.crop_size).toEqual({ height: 224, width: 224 });
    expect(sampled(actual, example)).toEqual(unpackFloats(example.data));
  });
});

/** `[height, width, 3]` → `[3, height, width]`. */
function planes(data: Uint8Array): number[] {
  return [0, 1, 2].flatMap((channel) => [...data].filter((_, at) => at % 3 === channel));
}

/** `values[:, row::step, column::step]` of `[3, height, width]`. */
function sampled(values: Float32Array, example: Processed): Float32Array {
  const { width, height, row, column, step } = example;
  const kept: number[] = [];
  for (let channel = 0; channel < 3; channel++) {
    for (let y = row; y < height; y += step) {
      for (let x = column; x < width; x += step) {
        kept.push(values[(channel * height + y) * width + x]!);
      }
    }
  }
  return Float32Array.from(kept);
}
