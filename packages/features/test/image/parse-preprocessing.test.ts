import { readFileSync } from 'node:fs';
import { clipPreprocessing, parsePreprocessing } from '@rodpo/features/image';
import { hasRealData, realData } from '@rodpo/testing/data';
import { describe, expect, test } from 'vitest';

const clip = {
  crop_size: { height: 224, width: 224 },
  do_center_crop: true,
  do_convert_rgb: true,
  do_normalize: true,
  do_rescale: true,
  do_resize: true,
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_processor_type: 'CLIPImageProcessor',
  image_std: [0.26862954, 0.26130258, 0.27577711],
  resample: 3,
  rescale_factor: 0.00392156862745098,
  size: { shortest_edge: 224 },
};

describe('parsePreprocessing', () => {
  test('reads CLIP’s file', () => {
    expect(parsePreprocessing(clip)).toEqual(clipPreprocessing);
  });

  test.each([
    { image_processor_type: 'CLIPImageProcessorFast' },
    { image_processor_type: undefined, feature_extractor_type: 'CLIPFeatureExtractor', size: 224 },
    { image_processor_type: undefined, feature_extractor_type: undefined },
    { crop_size: 224 },
    { resample: null, do_rescale: null, rescale_factor: null, do_center_crop: null, do_pad: null },
    { do_pad: false, size: { shortest_edge: 224, longest_edge: null } },
  ])('%j changes nothing', (changes) => {
    expect(parsePreprocessing({ ...clip, ...changes })).toEqual(clipPreprocessing);
  });

  test.each([
    [{ size: { height: 7, width: 9 } }, { resize: { height: 7, width: 9 } }],
    [{ image_processor_type: 'ViTImageProcessor', size: 7 }, { resize: { height: 7, width: 7 } }],
    [{ crop_size: { height: 7, width: 9 } }, { crop: { height: 7, width: 9 } }],
    [{ resample: 0 }, { resample: 'nearest' }],
    [{ resample: 1 }, { resample: 'lanczos' }],
    [{ resample: 2 }, { resample: 'bilinear' }],
    [{ image_processor_type: 'ViTImageProcessor', resample: null }, { resample: 'bilinear' }],
    [{ rescale_factor: 0.5 }, { rescale: 0.5 }],
    [{ do_rescale: false }, { rescale: 1 }],
    [{ do_normalize: false }, { mean: [0, 0, 0], std: [1, 1, 1] }],
    [{ image_mean: 0.5 }, { mean: [0.5, 0.5, 0.5] }],
  ])('%j becomes %j', (changes, expected) => {
    expect(parsePreprocessing({ ...clip, ...changes })).toEqual({
      ...clipPreprocessing,
      ...expected,
    });
  });

  test('what is switched off is left out', () => {
    const { resize, crop, ...rest } = clipPreprocessing;

    expect(parsePreprocessing({ ...clip, do_resize: false, do_center_crop: false })).toEqual(rest);
    expect(
      parsePreprocessing({
        ...clip,
        image_processor_type: 'ViTImageProcessor',
        do_center_crop: null,
      }),
    ).toEqual({ ...rest, resize });
  });

  test('without a class, a crop size is a wish to crop', () => {
    const unnamed = { ...clip, image_processor_type: null, do_center_crop: null };
    const { crop, ...whole } = clipPreprocessing;

    expect(parsePreprocessing(unnamed)).toEqual(clipPreprocessing);
    expect(parsePreprocessing({ ...unnamed, crop_size: null })).toEqual(whole);
  });

  test.each([
    [{ image_processor_type: 'ConvNextImageProcessor' }, 'image_processor_type'],
    [{ image_processor_type: 'ViTImageProcessorExtra' }, 'image_processor_type'],
    [{ image_processor_type: 'constructorImageProcessor' }, 'image_processor_type'],
    [
      { image_processor_type: null, feature_extractor_type: 'LevitFeatureExtractor' },
      'feature_extractor_type',
    ],
    [{ image_processor_type: null, size: 224 }, 'size'],
    [{ image_processor_type: null, resample: null }, 'resample'],
    [{ crop_pct: 0.9 }, 'crop_pct'],
    [{ do_pad: true }, 'do_pad'],
    [{ do_flip_channel_order: true }, 'do_flip_channel_order'],
    [{ size: { shortest_edge: 224, longest_edge: 500 } }, 'size'],
    [{ size: { longest_edge: 500 } }, 'size'],
    [{ size: { height: 5 } }, 'size.width'],
    [{ size: { shortest_edge: 0 } }, 'size.shortest_edge'],
    [{ size: 1.5 }, 'size'],
    [{ size: null }, 'size'],
    [{ size: [224, 224] }, 'size'],
    [{ crop_size: null }, 'crop_size'],
    [{ crop_size: { shortest_edge: 5 } }, 'crop_size'],
    [{ crop_size: -1 }, 'crop_size'],
    [{ resample: 4 }, 'resample'],
    [{ resample: 'bicubic' }, 'resample'],
    [{ resample: '1' }, 'resample'],
    [{ resample: 'length' }, 'resample'],
    [{ do_resize: 'yes' }, 'do_resize'],
    [{ rescale_factor: '1/255' }, 'rescale_factor'],
    [{ image_mean: [0.5, 0.5] }, 'image_mean'],
    [{ image_mean: null }, 'image_mean'],
    [{ image_std: [1, 0, 1] }, 'image_std'],
    [{ image_std: [1, 1, 1, 1] }, 'image_std'],
  ])('%j is refused by the name of the field', (changes, field) => {
    expect(() => parsePreprocessing({ ...clip, ...changes })).toThrow(
      expect.objectContaining({
        name: 'RangeError',
        message: expect.stringContaining(`preprocessor_config.json: ${field} must be`),
      }),
    );
  });

  test.each([null, 'text', 3, [clip]])('%j is no file of this kind', (json) => {
    expect(() => parsePreprocessing(json)).toThrow(RangeError);
  });

  const mobilenet = 'models/mobilenet_v1_trunk/preprocessor_config.json';
  test.skipIf(!hasRealData(mobilenet))('reads the real file of a MobileNet', () => {
    expect(parsePreprocessing(JSON.parse(readFileSync(realData(mobilenet), 'utf8')))).toEqual({
      resize: { height: 224, width: 224 },
      resample: 'bilinear',
      rescale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    });
  });
});
