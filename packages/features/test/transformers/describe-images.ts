import type { Embedder } from '@rodpo/features';
import { clipImages, type ImageInput, imageModel } from '@rodpo/features/image';
import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';
import { tinyVision } from './tiny-vision.ts';
import { mean, unit } from './tiny-weights.ts';
import { writeModel } from './write-model.ts';

/** Float32 sums of 48 terms around 1, through a tanh. */
const closeness = { relative: 1e-5, absolute: 2e-6 };

// As in the settings of the tiny models.
const means = [0.5, 0.4, 0.3];
const deviations = [0.25, 0.5, 0.2];

/** Pixels from 0 to 1. */
const plain = { resample: 'nearest', rescale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] } as const;

/** `[height, width, 3]` */
function drawPixels(seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: 8 * 8 * 3 }, () => Math.floor(256 * random()));
}

/** `[3, 8, 8]`: an image of the model's size is neither resized nor cropped. */
function preprocessed(pixels: Uint8Array): Float32Array {
  return Float32Array.from({ length: pixels.length }, (_, index) => {
    const [channel, place] = [Math.floor(index / 64), index % 64];
    return (pixels[place * 3 + channel]! / 255 - means[channel]!) / deviations[channel]!;
  });
}

async function embedAll(embedder: Embedder<ImageInput, unknown>, images: readonly ImageInput[]) {
  const prepared = await Promise.all(images.map((image) => embedder.prepare(image)));
  return embedder.embed(prepared);
}

/** Image embedders run by one version of transformers.js, against float64 arithmetic. */
export function describeImages(transformers: object): void {
  const vision = tinyVision(3);
  const pixels = [1, 2, 3].map(drawPixels);
  const patches = pixels.map((image) => vision.patches(preprocessed(image)));
  let images: Buffer[];
  const folder = temporaryFolder();
  beforeAll(async () => {
    for (const [name, files] of Object.entries(vision.files)) await writeModel(folder(name), files);
    const raw = { width: 8, height: 8, channels: 3 } as const;
    images = await Promise.all(pixels.map((image) => sharp(image, { raw }).png().toBuffer()));
  });
  const settings = (model: string) => ({
    model,
    source: { folder: folder(), offline: true },
    transformers,
  });

  describe('clipImages', () => {
    test.each([
      { options: {}, normalize: true },
      { options: { normalize: false }, normalize: false },
    ])('equals the arithmetic: normalize $normalize', async ({ options, normalize }) => {
      const embedder = await clipImages({ ...settings('clip'), ...options });
      const expected = patches.map((image) => vision.projected(mean(image)));

      expectAllClose(
        await embedAll(embedder, images),
        expected.flatMap((vector) => (normalize ? unit(vector) : vector)),
        closeness,
      );
      expect(embedder.dimension).toBe(5);
      expect(embedder.description).toMatchObject({ pooling: 'image_embeds', normalize });
      await embedder.dispose();
    });
  });

  describe('imageModel', () => {
    type Patches = number[][];
    const cases = [
      { model: 'pooler', options: {}, pooled: 'pooler' },
      { model: 'pooler', options: { pooling: 'pooler' }, pooled: 'pooler' },
      { model: 'pooler', options: { pooling: 'mean' }, pooled: 'mean' },
      { model: 'pooler', options: { pooling: 'cls' }, pooled: 'cls' },
      { model: 'tokens', options: {}, pooled: 'mean' },
      { model: 'tokens', options: { pooling: 'cls' }, pooled: 'cls' },
      { model: 'map', options: {}, pooled: 'mean' },
      { model: 'tokens', options: { normalize: true }, pooled: 'mean' },
    ] as const;
    const pool = {
      pooler: (image: Patches) => vision.projected(image[0]!),
      mean,
      cls: (image: Patches) => image[0]!,
    };

    test.each(cases)(
      'equals the arithmetic: $model, $options',
      async ({ model, options, pooled }) => {
        const embedder = await imageModel({ ...settings(model), ...options });
        const expected = patches.map(pool[pooled]);
        const scaled = 'normalize' in options ? expected.map(unit) : expected;

        expectAllClose(await embedAll(embedder, images), scaled.flat(), closeness);
        expect(embedder.dimension).toBe(pooled === 'pooler' ? 5 : 6);
        expect(embedder.description.pooling).toBe(pooled);
        await embedder.dispose();
      },
    );

    test.each([
      { model: 'tokens', options: { pooling: 'pooler' }, message: /output pooler_output/ },
      { model: 'map', options: { pooling: 'cls' }, message: /last_hidden_state \[1,6,2,2\]/ },
      { model: 'other', options: {}, message: /got one with logits \[1,6,2,2\]/ },
      {
        model: 'clip',
        options: { graph: 'vision_model' },
        message: /got one with image_embeds \[1,5\]/,
      },
    ] as const)('names the outputs of a model without a feature: $model', async (given) => {
      const { model, options, message } = given;

      await expect(imageModel({ ...settings(model), ...options })).rejects.toThrow(message);
    });

    test('an image has the same vector in any batch', async () => {
      const embedder = await imageModel(settings('pooler'));
      const together = await embedAll(embedder, images);
      const alone = await Promise.all(images.map((image) => embedAll(embedder, [image])));

      expectAllClose(
        together,
        alone.flatMap((vector) => [...vector]),
        { absolute: 1e-6, relative: 0 },
      );
      expect(await embedder.embed([])).toEqual(new Float32Array(0));
      await embedder.dispose();
    });

    test('preprocessing that is given takes the place of the model’s', async () => {
      const preprocessing = { ...plain, resize: { width: 8, height: 8 }, rescale: 1 };
      const embedder = await imageModel({ ...settings('tokens'), preprocessing });
      const prepared = await embedder.prepare(images[0]!);

      expect([...prepared.subarray(0, 8)]).toEqual(
        [0, 3, 6, 9, 12, 15, 18, 21].map((at) => pixels[0]![at]),
      );
      expect(embedder.description.preprocessing).toEqual(preprocessing);
      await embedder.dispose();
    });

    test('images may be higher than wide', async () => {
      const options = {
        ...settings('map'),
        preprocessing: { ...plain, resize: { width: 4, height: 16 } },
      };
      const embedder = await imageModel(options);
      const raw = { width: 4, height: 16, channels: 3 } as const;
      const image = await sharp(pixels[0]!, { raw }).png().toBuffer();
      const planes = Float32Array.from({ length: 192 }, (_, index) => {
        return pixels[0]![(index % 64) * 3 + Math.floor(index / 64)]! / 255;
      });

      const expected = mean(vision.patches(planes, 4));
      expectAllClose(await embedAll(embedder, [image]), expected, closeness);
      await embedder.dispose();
    });

    test('refuses preprocessing that leaves images of different sizes', async () => {
      const preprocessing = { ...plain, resize: { shortestEdge: 8 } };
      const options = { ...settings('tokens'), preprocessing };

      await expect(imageModel(options)).rejects.toThrow(/must end in one size/);
    });

    test('refuses prepared images of another size', async () => {
      const embedder = await imageModel(settings('tokens'));

      await expect(embedder.embed([new Float32Array(3 * 7 * 8)])).rejects.toThrow(
        /Expected images of 3 × 8 × 8 values.*got one of 168/,
      );
      await embedder.dispose();
    });
  });
}
