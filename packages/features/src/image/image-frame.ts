import type { ImageSize, Preprocessing } from './preprocessing.ts';

/** Where a crop lies in the resized image, which it may overhang. */
export interface ImageFrame {
  readonly resized: ImageSize;
  /** Columns and rows of the result, in the resized image; negative: filling comes first. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Sizes and offsets as Hugging Face's image processors round them: the long side down; the crop's
 * offset down if it lies inside, and if it overhangs, the odd line of filling before the image.
 *
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/image_transforms.py
 * `get_resize_output_image_size`, `center_crop`
 */
export function frameImage(image: ImageSize, { resize, crop }: Preprocessing): ImageFrame {
  const resized = resizedSize(image, resize);
  const { width, height } = crop ?? resized;
  const left = Math.floor((resized.width - width) / 2);
  const top = Math.floor((resized.height - height) / 2);
  return { resized, left, top, width, height };
}

function resizedSize({ width, height }: ImageSize, resize: Preprocessing['resize']): ImageSize {
  if (resize === undefined) return { width, height };
  if ('width' in resize) return { width: resize.width, height: resize.height };
  const short = resize.shortestEdge;
  return width <= height
    ? { width: short, height: Math.trunc((short * height) / width) }
    : { width: Math.trunc((short * width) / height), height: short };
}
