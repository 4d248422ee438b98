import {
  type Embedder,
  type ItemSource,
  ModelNotFoundError,
  TransformersNotFoundError,
} from '@rodpo/features';
import { clipImages, imageHistograms, imageModel } from '@rodpo/features/image';
import { clipTexts, fitTextDescriptor, sentenceModel } from '@rodpo/features/text';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { ConfigError } from '../config/config.ts';
import type { FeatureSettings, Modality } from '../config/feature-settings.ts';
import type { Run } from '../run/run.ts';
import { ownVectors, vectorSourceOf } from './own-vectors/own-vectors.ts';

const usualModels = {
  clip: 'Xenova/clip-vit-base-patch32',
  sentence: 'Xenova/all-MiniLM-L6-v2',
} as const;

type Open = () => Promise<Embedder<string>>;

/**
 * The embedder that the config asks for. Only where it asks for `auto` does a descriptor without
 * weights stand in for a model that cannot be had: the log says so, and the store's description.
 *
 * @throws {ModelNotFoundError} if the model cannot be had and nothing may stand in for it
 * @throws {ConfigError} if the encoder needs a model and none is named
 */
export async function openEmbedder(
  run: Run,
  modality: Modality,
  source: ItemSource<string>,
): Promise<Embedder<string>> {
  const { features } = run.config;
  const own = vectorSourceOf(run.config, modality);
  if (own) return (await ownVectors(own, run.config)).embedder;
  return modality === 'image' ? openImages(run, features) : openTexts(run, features, source);
}

function openImages(run: Run, { image, models }: FeatureSettings): Promise<Embedder<string>> {
  const { encoder, model } = image!;
  const weightless: Open = async () => imageHistograms();
  if (encoder === 'histograms') return weightless();
  if (encoder === 'model') {
    if (model) return imageModel({ model, source: sourceOf(models) });
    throw new ConfigError('features.image: encoder "model" needs a model. Name its id or folder.');
  }
  const clip = { model: model ?? usualModels.clip, source: sourceOf(models) };
  const open: Open = () => clipImages(clip);
  return encoder === 'auto' ? orInstead(run, clip.model, open, weightless) : open();
}

function openTexts(
  run: Run,
  { text, models }: FeatureSettings,
  source: ItemSource<string>,
): Promise<Embedder<string>> {
  const { encoder, model, dimension } = text!;
  const random = () => seededRandom(deriveSeed(run.config.seed, 'text-descriptor'));
  const weightless: Open = () =>
    fitTextDescriptor(textsOf(source), { dimension, random: random() });
  if (encoder === 'tfidf') return weightless();
  const options = (usual: string) => ({ model: model ?? usual, source: sourceOf(models) });
  if (encoder === 'clip') return clipTexts(options(usualModels.clip));
  const sentence = options(usualModels.sentence);
  const open: Open = () => sentenceModel(sentence);
  return encoder === 'auto' ? orInstead(run, sentence.model, open, weightless) : open();
}

async function orInstead(
  run: Run,
  model: string,
  open: Open,
  weightless: Open,
): Promise<Embedder<string>> {
  try {
    return await open();
  } catch (error) {
    const cannotBeHad =
      error instanceof ModelNotFoundError || error instanceof TransformersNotFoundError;
    if (!cannotBeHad) throw error;
    const instead = await weightless();
    run.reporter.say(
      `WARNING: ${error.message}\nWARNING: ${instead.description.model} stands in for ${model}, ` +
        'because the config says auto. It sees colours, shapes and words, and no meaning.',
    );
    return { ...instead, description: { ...instead.description, standsInFor: model } };
  }
}

function sourceOf({ folder, cache, offline }: FeatureSettings['models']): {
  folder?: string;
  cache?: string;
  offline: boolean;
} {
  return { offline, ...(folder ? { folder } : {}), ...(cache ? { cache } : {}) };
}

const textsAtATime = 1024;

async function* textsOf({ itemCount, read }: ItemSource<string>): AsyncGenerator<string> {
  for (let start = 0; start < itemCount; start += textsAtATime) {
    for (const { input } of await read(start, Math.min(start + textsAtATime, itemCount))) {
      if (input !== undefined) yield input;
    }
  }
}
