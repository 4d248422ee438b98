import { publishedCatalogueNames } from '@rodpo/data';
import { z } from 'zod';
import { count } from './count-setting.ts';
import { path } from './path-setting.ts';

/** A published catalogue in its own file, as `readPublishedItems` of `@rodpo/data` knows it. */
const publishedCatalogue = z.strictObject({
  published: z.enum(publishedCatalogueNames),
  path,
  /** What makes up an item's text, in reading order. */
  text: z
    .array(z.enum(['title', 'description', 'categories']))
    .min(1)
    .default(['title', 'categories']),
});

/** Where the catalogue's texts and pictures are: a table with a header and one line per item. */
const catalogueTable = z.strictObject({
  /** TSV, or JSON Lines if it ends in `.jsonl`. */
  path,
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

export const catalogueSettings = z.union([publishedCatalogue, catalogueTable]);

/** Vectors that are there already, by the ids of the items. */
const vectorSource = z.union([
  /** A store, of another run for instance: `features/text` in its folder. */
  z.strictObject({ store: path }),
  /** `[items, dimension]`, and the ids of its rows: one a line, or a list in a `.json`. */
  z.strictObject({ npy: path, ids: path }),
  /** Columns of ids, and of lists of numbers. */
  z.strictObject({
    parquet: path,
    id: z.string().default('item_id'),
    vector: z.string().default('embedding'),
  }),
  /** Columns of the catalogue with codes of quantised vectors: `vA154 vB106` has two of `levels`. */
  z.strictObject({ codes: z.array(z.string()).min(1), levels: count }),
]);

/** Those of one modality: whichever encoder reads the setting `from`, the other has no use for it. */
const needsSource = <Settings extends { encoder: string; from?: VectorSource }>(
  settings: z.ZodType<Settings>,
) =>
  settings.refine(({ encoder, from }) => (encoder === 'vectors') === (from !== undefined), {
    path: ['from'],
    message: "says where the vectors are, if and only if encoder is 'vectors'",
  });

const image = z.strictObject({
  /**
   * `clip` or any image `model`; `histograms` needs no weights; `auto` takes `clip` if its model
   * can be had, else `histograms`, and says so; `vectors` takes those that `from` names.
   */
  encoder: z.enum(['auto', 'clip', 'model', 'histograms', 'vectors']).default('auto'),
  /** A model's id, or its folder; null takes the encoder's usual one. */
  model: z.string().nullable().default(null),
  from: vectorSource.exactOptional(),
});

const text = z.strictObject({
  /**
   * `sentence` or `clip`; `tfidf` needs no weights; `auto` takes `sentence` if its model can be
   * had, else `tfidf`, and says so; `vectors` takes those that `from` names.
   */
  encoder: z.enum(['auto', 'sentence', 'clip', 'tfidf', 'vectors']).default('auto'),
  model: z.string().nullable().default(null),
  /** Of `tfidf` only; models have their own. */
  dimension: count.default(128),
  from: vectorSource.exactOptional(),
});

/** What items look like and how they read, as vectors; a modality that is null is left out. */
export const featureSettings = z.strictObject({
  image: needsSource(image).nullable().default(null),
  text: needsSource(text).nullable().default(null),
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

export type VectorSource = z.output<typeof vectorSource>;
export type PublishedCatalogue = z.output<typeof publishedCatalogue>;
export type CatalogueTable = z.output<typeof catalogueTable>;
export type FeatureSettings = z.output<typeof featureSettings>;
export type Modality = 'image' | 'text';

/** The paths among the settings of a source of vectors, by their names. */
export function vectorFiles(from: VectorSource): Readonly<Record<string, string>> {
  if ('store' in from) return { store: from.store };
  if ('npy' in from) return { npy: from.npy, ids: from.ids };
  return 'parquet' in from ? { parquet: from.parquet } : {};
}
