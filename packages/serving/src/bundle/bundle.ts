import { isJsonObject } from '@rodpo/files/bytes';
import type { BundleMetrics, BundleSettings } from './manifest.ts';

/** What is known of an item, beside its vector. */
export interface BundleItem {
  /** As the data has it; never a number. */
  readonly id: string;
  readonly title?: string;
  /** Where its image is: an address, or a path. */
  readonly image?: string;
  /** What filters go by. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Whether a line of a bundle's items is one: all else of it may be missing, or be anything. */
export const isItem = (value: unknown): value is BundleItem =>
  isJsonObject(value) && typeof value.id === 'string';

/** A model without its training: all that answers are made of. */
export interface Bundle {
  /** What the model is called. */
  readonly model: string;
  readonly settings: BundleSettings;
  /** ONNX: packed histories, as `settings.inputs` names them, to `hidden` `[tokens, width]`. */
  readonly encoder: Uint8Array;
  /** ONNX: `users` `[users, width]` and `items` `[blockSize, width]` to `scores` `[users, blockSize]`. */
  readonly scores: Uint8Array;
  /**
   * ONNX, for items that the model was not trained on: `features.NAME.vectors` `[items, …]` and
   * `features.NAME.present` `[items]` of each of `settings.modalities` to `items` `[items, width]`. Absent if
   * the bundle takes none.
   */
  readonly newItems?: Uint8Array | undefined;
  /** `[itemCount · width]`. */
  readonly vectors: Float32Array;
  /** How often each item was chosen: `[itemCount]`. */
  readonly counts: Int32Array;
  /** In the order of the vectors. */
  readonly items: readonly BundleItem[];
  readonly metrics: BundleMetrics;
}
