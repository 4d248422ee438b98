import type { TransformersPackage } from './load-transformers.ts';
import type { ModelSource } from './model-source.ts';

/** The number format of a model's weights, which names its file: `model_fp16.onnx` and so on. */
export type WeightFormat = 'fp32' | 'fp16' | 'q8' | 'int8' | 'uint8' | 'q4' | 'q4f16' | 'bnb4';

/** What all neural embedders take. */
export interface TransformersOptions {
  /** A model's id, or its folder, which begins with `/`, `./` or `../`. */
  readonly model: string;
  /** Default: the package's cache, then the hub. */
  readonly source?: ModelSource;
  /** Default `fp32`. */
  readonly dtype?: WeightFormat;
  /** `cuda`, `dml`, `coreml`, …; only with `@huggingface/transformers`. Default `cpu`. */
  readonly device?: string;
  /** Threads of one inference; only with `@huggingface/transformers`. Default: onnxruntime's. */
  readonly threads?: number;
  /** The package to run the model with, or its module. Default: the first that is installed. */
  readonly transformers?: TransformersPackage | object;
}
