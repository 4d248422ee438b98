import type { Resample } from './preprocessing.ts';

/** What the image processors of one architecture assume where their file says nothing. */
export interface ProcessorFamily {
  /** What a size given as one number means. */
  readonly numberMeans: 'shortestEdge' | 'square';
  readonly resample: Resample;
  readonly crops: boolean;
}

const cropping = { numberMeans: 'shortestEdge', resample: 'bicubic', crops: true } as const;
const squeezing = { numberMeans: 'square', resample: 'bicubic', crops: false } as const;

/**
 * Architectures whose processors resize, crop, rescale and normalise in this order and do nothing
 * else, by the name their type begins with.
 *
 * @see https://github.com/huggingface/transformers/tree/main/src/transformers/models
 * `image_processing_pil_*.py`, class attributes
 */
export const processorFamilies: ReadonlyMap<string, ProcessorFamily> = new Map(
  Object.entries<ProcessorFamily>({
    Beit: squeezing,
    Bit: cropping,
    Blip: squeezing,
    CLIP: cropping,
    ChineseCLIP: cropping,
    DeiT: { ...squeezing, crops: true },
    MobileNetV1: { ...cropping, resample: 'bilinear' },
    MobileNetV2: { ...cropping, resample: 'bilinear' },
    Siglip: { ...squeezing, numberMeans: 'shortestEdge' },
    ViT: { ...squeezing, resample: 'bilinear' },
  }),
);
