import {
  asFields,
  asNumber,
  asPixelCount,
  asTriple,
  type JsonFields,
  readFlag,
  refused,
} from './json-fields.ts';
import type { ImageSize, Preprocessing, Resample } from './preprocessing.ts';
import { type ProcessorFamily, processorFamilies } from './processor-family.ts';

/**
 * Reads the content of a Hugging Face `preprocessor_config.json`, old
 * (`feature_extractor_type`, sizes as numbers) or new. A field that is absent or null takes the
 * default of the processor's class, but for sizes, mean and standard deviation, which must be there
 * where they are used. The file must be one of those classes that resize, crop, rescale and normalise
 * in this order: CLIP, ChineseCLIP, SigLIP, ViT, DeiT, BEiT, BiT (also used by DINOv2), BLIP,
 * MobileNetV1 and V2; or name no class and leave nothing open.
 *
 * @throws {RangeError} naming the field that is wrong or that cannot be honoured
 * @see https://huggingface.co/docs/transformers/main_classes/image_processor
 */
export function parsePreprocessing(json: unknown): Preprocessing {
  const fields = asFields(json, 'the file');
  const family = readFamily(fields);
  for (const [field, isHarmless] of Object.entries(harmless)) {
    const value = fields[field] ?? undefined;
    if (value !== undefined && !isHarmless(value)) throw refused(field, value, unsupported);
  }

  const normalises = readFlag(fields, 'do_normalize', true);
  const std = normalises ? asTriple(fields.image_std, 'image_std') : ones;
  if (std.includes(0)) throw refused('image_std', fields.image_std, 'other than zero');
  return {
    ...readResize(fields, family),
    resample: readResample(fields.resample ?? undefined, family),
    ...readCrop(fields, family),
    rescale: readFlag(fields, 'do_rescale', true)
      ? asNumber(fields.rescale_factor ?? 1 / 255, 'rescale_factor')
      : 1,
    mean: normalises ? asTriple(fields.image_mean, 'image_mean') : [0, 0, 0],
    std,
  };
}

const ones: [number, number, number] = [1, 1, 1];
const unsupported = 'left out: it is not supported here';
const isOff = (value: unknown): boolean => value === false;

/** Fields that change the pixels in ways that are not offered, and which values change nothing. */
const harmless: Readonly<Record<string, (value: unknown) => boolean>> = {
  crop_pct: () => false,
  do_align_long_axis: isOff,
  do_crop_margin: isOff,
  do_flip_channel_order: isOff,
  do_grayscale: isOff,
  do_image_splitting: isOff,
  do_pad: isOff,
  do_thumbnail: isOff,
  rescale_offset: isOff,
  size_divisor: () => false,
};

function readFamily(fields: JsonFields): ProcessorFamily | undefined {
  const field = fields.image_processor_type ? 'image_processor_type' : 'feature_extractor_type';
  const type = fields[field] ?? undefined;
  if (type === undefined) return undefined;
  const name = /^(\w+?)(?:ImageProcessor|FeatureExtractor)(?:Fast|Pil)?$/.exec(String(type))?.[1];
  const family = processorFamilies.get(name ?? '');
  if (family) return family;
  const known = [...processorFamilies.keys()].join(', ');
  throw refused(field, type, `an image processor of ${known}; others work differently`);
}

function readResize(
  fields: JsonFields,
  family: ProcessorFamily | undefined,
): Pick<Preprocessing, 'resize'> {
  if (!readFlag(fields, 'do_resize', true)) return {};
  const { size } = fields;
  if (typeof size === 'number') return { resize: readSingleSize(size, family) };
  const sides = givenSides(size, 'size');
  if ('shortest_edge' in sides) {
    requireOnly(sides, ['shortest_edge'], 'size');
    return { resize: { shortestEdge: asPixelCount(sides.shortest_edge, 'size.shortest_edge') } };
  }
  return { resize: readBothSides(sides, 'size') };
}

function readSingleSize(value: number, family: ProcessorFamily | undefined) {
  const side = asPixelCount(value, 'size');
  if (family?.numberMeans === 'shortestEdge') return { shortestEdge: side };
  if (family?.numberMeans === 'square') return { width: side, height: side };
  throw refused('size', value, '{shortest_edge} or {height, width} where no processor is named');
}

function readCrop(
  fields: JsonFields,
  family: ProcessorFamily | undefined,
): Pick<Preprocessing, 'crop'> {
  const size = fields.crop_size ?? undefined;
  const crops = family?.crops ?? size !== undefined;
  if (!readFlag(fields, 'do_center_crop', crops)) return {};
  if (typeof size !== 'number')
    return { crop: readBothSides(givenSides(size, 'crop_size'), 'crop_size') };
  const side = asPixelCount(size, 'crop_size');
  return { crop: { width: side, height: side } };
}

function readBothSides(sides: JsonFields, field: string): ImageSize {
  requireOnly(sides, ['height', 'width'], field);
  return {
    width: asPixelCount(sides.width, `${field}.width`),
    height: asPixelCount(sides.height, `${field}.height`),
  };
}

function givenSides(value: unknown, field: string): JsonFields {
  const given = Object.entries(asFields(value, field)).filter(([, side]) => side !== null);
  return Object.fromEntries(given);
}

function requireOnly(sides: JsonFields, names: readonly string[], field: string): void {
  if (Object.keys(sides).every((name) => names.includes(name))) return;
  throw refused(field, sides, '{shortest_edge}, or {height, width}, and nothing else');
}

/** Pillow's numbers; its box and Hamming filters are not offered. */
const resampleOfCode: readonly (Resample | undefined)[] = [
  'nearest',
  'lanczos',
  'bilinear',
  'bicubic',
];

function readResample(value: unknown, family: ProcessorFamily | undefined): Resample {
  const code = typeof value === 'number' ? value : Number.NaN; // a text may name a member of arrays
  const resample = value === undefined ? family?.resample : resampleOfCode[code];
  if (resample !== undefined) return resample;
  throw refused('resample', value, '0 (nearest), 1 (lanczos), 2 (bilinear) or 3 (bicubic)');
}
