import { actionable } from '@rodpo/errors';
import type { Embedder, Json } from '../embedder.ts';
import { type ImageInput, type ImageLimits, requireLimits } from '../image/image-input.ts';
import { parsePreprocessing } from '../image/parse-preprocessing.ts';
import { preprocessImage } from '../image/preprocess-image.ts';
import type { ImageSize, Preprocessing } from '../image/preprocessing.ts';
import { type LoadedModel, loadModel, type ModelKind } from './load-model.ts';
import type { ModelInput, ModelOutputs } from './model-session.ts';
import { orDispose } from './or-dispose.ts';
import { scaleToUnitLength } from './pooling.ts';
import type { TransformersOptions } from './transformers-options.ts';

export interface ImageEmbedderOptions extends TransformersOptions {
  /** Default: what the model's `preprocessor_config.json` says. */
  readonly preprocessing?: Preprocessing;
  /** Images beyond these are refused. */
  readonly limits?: ImageLimits;
  /** Vectors of length 1. Default: true for `clipImages`, false for `imageModel`. */
  readonly normalize?: boolean;
}

/** How an image model's outputs become vectors. */
export interface ImagePooling {
  /** Its name in the description. */
  readonly name: string;
  /** `[batch, dimension]`, not normalised. */
  pool(outputs: ModelOutputs): Float32Array;
}

export type ImageModelKind = Pick<ModelKind, 'class' | 'graph'> & {
  /** Chosen when the outputs of the model are known. */
  pooling(outputs: ModelOutputs): ImagePooling;
};

/** Image → preprocessed as PIL does → model → pooled → normalised. */
export async function imageEmbedder(
  kind: ImageModelKind,
  options: ImageEmbedderOptions,
): Promise<Embedder<ImageInput, Float32Array>> {
  requireLimits(options.limits ?? {});
  const settings = options.preprocessing ? [] : ['preprocessor_config.json'];
  const model = await loadModel({ ...kind, settings }, options);
  return orDispose(model, () => withModel(model, kind, options));
}

async function withModel(
  model: LoadedModel,
  kind: ImageModelKind,
  { preprocessing: given, limits, normalize = false }: ImageEmbedderOptions,
): Promise<Embedder<ImageInput, Float32Array>> {
  const preprocessing =
    given ?? parsePreprocessing(await model.readJson('preprocessor_config.json'));
  const size = modelSize(preprocessing);
  const black = new Float32Array(3 * size.height * size.width);
  const probe = await model.run({ pixel_values: stack([black], size) });
  const { name, pool } = kind.pooling(probe);
  const dimension = pool(probe).length;

  return {
    dimension,
    description: {
      ...model.description,
      pooling: name,
      normalize,
      preprocessing: preprocessing as unknown as Json,
    },
    prepare: (input) => preprocessImage(input, preprocessing, limits),
    embed: async (batch) => {
      if (batch.length === 0) return new Float32Array(0);
      const vectors = pool(await model.run({ pixel_values: stack(batch, size) }));
      return normalize ? scaleToUnitLength(vectors, dimension) : vectors;
    },
    dispose: model.dispose,
  };
}

/** Images of a batch must have one size. */
function modelSize({ resize, crop }: Preprocessing): ImageSize {
  if (crop) return crop;
  if (resize && 'width' in resize) return resize;
  throw actionable(
    new RangeError(
      'The preprocessing of a model must end in one size: expected crop, or resize with width and ' +
        `height, got ${JSON.stringify({ resize, crop })}`,
    ),
  );
}

/** `[3, height, width]` each → `[batch, 3, height, width]`. */
function stack(batch: readonly Float32Array[], { width, height }: ImageSize): ModelInput {
  const length = 3 * height * width;
  const data = new Float32Array(batch.length * length);
  batch.forEach((image, row) => {
    if (image.length !== length) {
      throw actionable(
        new RangeError(
          `Expected images of 3 × ${height} × ${width} values, as prepare gives them, got one of ` +
            `${image.length}`,
        ),
      );
    }
    data.set(image, row * length);
  });
  return { data, dims: [batch.length, 3, height, width] };
}
