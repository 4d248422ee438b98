/** Pillow's resampling filters: `Image.Resampling` of the same name. */
export type Resample = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';

/** All of them. */
export const resamples: readonly Resample[] = ['nearest', 'bilinear', 'bicubic', 'lanczos'];

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** All that happens between a decoded image and a model's input. Plain JSON. */
export interface Preprocessing {
  /**
   * Either the shortest side, the other following in proportion (rounded down), or both sides
   * whatever the proportions. Left out: the image keeps its size.
   */
  readonly resize?: { readonly shortestEdge: number } | ImageSize;
  readonly resample: Resample;
  /** Cut from the centre after resizing; what an image lacks is filled with black. */
  readonly crop?: ImageSize;
  /** Factor on the channel values 0 to 255, before `mean` and `std`. */
  readonly rescale: number;
  /** Red, green, blue; subtracted. */
  readonly mean: readonly [number, number, number];
  /** Red, green, blue; divided by. */
  readonly std: readonly [number, number, number];
}

/**
 * OpenAI's CLIP: shortest side 224, bicubic, the central 224 × 224.
 *
 * @see https://huggingface.co/openai/clip-vit-base-patch32 `preprocessor_config.json`
 */
export const clipPreprocessing: Preprocessing = {
  resize: { shortestEdge: 224 },
  resample: 'bicubic',
  crop: { width: 224, height: 224 },
  rescale: 1 / 255,
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};
