import { z } from 'zod';
import { count } from './count-setting.ts';

/** Where the catalogue's texts and pictures are: a table with a header and one line per item. */
export const catalogueSettings = z.strictObject({
  /** TSV, or JSON Lines if it ends in `.jsonl`. */
  path: z.string(),
  /** The column of item ids, as the interactions name them. */
  id: z.string(),
  /** Columns that make up an item's text, in reading order. */
  text: z.array(z.string()).min(1).optional(),
  /** The column of image files, relative to `images`. Of a list, the first is taken. */
  image: z.string().optional(),
  /**
   * The column of image addresses, for `rodpo download`. Of a list, the first is taken, and of an
   * object as Amazon's catalogues have them the largest version.
   */
  imageUrl: z.string().optional(),
  /** The folder of the image files. */
  images: z.string().default('.'),
  /** Also read files that paths in the table lead to outside of `images`. */
  imagesOutside: z.boolean().default(false),
});

const image = z.strictObject({
  /**
   * `clip` or any image `model`; `histograms` needs no weights; `auto` takes `clip` if its model
   * can be had, else `histograms`, and says so.
   */
  encoder: z.enum(['auto', 'clip', 'model', 'histograms']).default('auto'),
  /** A model's id, or its folder; null takes the encoder's usual one. */
  model: z.string().nullable().default(null),
});

const text = z.strictObject({
  /**
   * `sentence` or `clip`; `tfidf` needs no weights; `auto` takes `sentence` if its model can be
   * had, else `tfidf`, and says so.
   */
  encoder: z.enum(['auto', 'sentence', 'clip', 'tfidf']).default('auto'),
  model: z.string().nullable().default(null),
  /** Of `tfidf` only; models have their own. */
  dimension: count.default(128),
});

/** What items look like and how they read, as vectors; a modality that is null is left out. */
export const featureSettings = z.strictObject({
  image: image.nullable().default(null),
  text: text.nullable().default(null),
  models: z
    .strictObject({
      /** The folder that holds models by id, in the layout of transformers.js. */
      folder: z.string().nullable().default(null),
      /** Where downloaded models are kept; null leaves it to transformers.js. */
      cache: z.string().nullable().default(null),
      /** Never ask the hub. */
      offline: z.boolean().default(false),
    })
    .prefault({}),
  /** Items a file of the store holds. */
  shardSize: count.default(1024),
  batchSize: count.default(32),
  /** Items decoded or cleaned at a time. */
  concurrency: count.default(4),
});

export type CatalogueSettings = z.output<typeof catalogueSettings>;
export type FeatureSettings = z.output<typeof featureSettings>;
export type Modality = 'image' | 'text';
