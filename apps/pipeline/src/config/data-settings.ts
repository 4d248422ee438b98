import { type PublishedName, publishedTables } from '@rodpo/data';
import { storefrontSettings } from '@rodpo/simulator';
import { z } from 'zod';
import { count } from './count-setting.ts';
import { path } from './path-setting.ts';

const storefront = storefrontSettings({});

/** `StorefrontOptions` of `@rodpo/simulator`, which explains and checks them. */
const simulator = z
  .strictObject({
    source: z.literal('simulator'),
    userCount: count.default(storefront.userCount),
    itemCount: count.default(storefront.itemCount),
    likedShare: z.number().default(storefront.likedShare),
    minClicks: count.default(storefront.minClicks),
    medianClicks: z.number().default(storefront.medianClicks),
    maxClicks: count.default(storefront.maxClicks),
    popularitySkew: z.number().default(storefront.popularitySkew),
    hiddenShare: z.number().default(storefront.hiddenShare),
    complementLift: z.number().default(storefront.complementLift),
    /** Also draw the products' images into the run folder. */
    images: z.boolean().default(true),
  })
  .superRefine((settings, { addIssue }) => {
    try {
      storefrontSettings(settings);
    } catch (error) {
      addIssue((error as Error).message);
    }
  });

/** Lines `user item item …`, oldest first. */
const sequences = z.strictObject({ source: z.literal('sequences'), path });

/** A RecBole atomic file. */
const inter = z.strictObject({
  source: z.literal('inter'),
  path,
  fields: z
    .strictObject({
      user: z.string().default('user_id'),
      item: z.string().default('item_id'),
      /** Without it `timestamp`, and where there is no such column, the order of the file. */
      time: z.string().exactOptional(),
    })
    .prefault({}),
});

/** Fewest interactions that users and items keep, unless a config says otherwise. */
export const coreDefaults = { users: 5, items: 5 };

const keep = z.enum(['first', 'last', 'all']).default('first');

/** What makes data smaller, as `applySteps` of `@rodpo/data` explains it. */
const step = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('duplicates'), keep }),
  z.strictObject({ kind: z.literal('repeats'), keep }),
  z.strictObject({
    kind: z.literal('activity'),
    atLeast: count.default(1),
    atMost: count.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('core'),
    users: count.default(coreDefaults.users),
    items: count.default(coreDefaults.items),
  }),
  z.strictObject({ kind: z.literal('sample'), users: count, seed: z.int() }),
  z.strictObject({ kind: z.literal('newest'), interactions: count }),
]);

/** A file or a pattern, or several that are one table. */
const tablePath = z.union([path, z.array(path).min(1)]);

/** How rows become interactions, whatever files they are in. */
const read = {
  /** Interactions with a lower rating are left out. */
  minRating: z.number().exactOptional(),
  /** Of the times, which become seconds; `auto` takes the one in which they say dates. */
  timeUnit: z
    .enum(['auto', 'seconds', 'milliseconds', 'microseconds', 'nanoseconds'])
    .default('auto'),
  /** What DuckDB may take, as `800MB` or `4GB`; the result comes on top. */
  memoryLimit: z.string().exactOptional(),
  /** One after another, in place of `kCore`. */
  steps: z.array(step).default([{ kind: 'core', ...coreDefaults }]),
};

/** CSV, JSON Lines or Parquet, read by DuckDB as `readTable` of `@rodpo/data` explains it. */
const table = z
  .strictObject({
    source: z.literal('table'),
    path: tablePath,
    columns: z.strictObject({
      user: z.string(),
      item: z.string(),
      time: z.string().exactOptional(),
      rating: z.string().exactOptional(),
    }),
    /** A query over the table `source`, whose result is read in its place. */
    select: z.string().exactOptional(),
    format: z.enum(['csv', 'json-lines', 'parquet']).exactOptional(),
    delimiter: z.string().exactOptional(),
    quote: z.string().exactOptional(),
    /** Of the columns, where a CSV has no header. */
    names: z.array(z.string()).min(1).exactOptional(),
    encoding: z.enum(['utf-8', 'latin-1']).exactOptional(),
    ...read,
  })
  .refine(({ columns, minRating }) => minRating === undefined || columns.rating !== undefined, {
    path: ['minRating'],
    message: 'needs the column of ratings: name it in columns.rating',
  });

/** A published data set in its own files, as `readPublished` of `@rodpo/data` knows it. */
const published = z.strictObject({
  source: z.literal('published'),
  name: z.enum([...(Object.keys(publishedTables) as PublishedName[]), 'steam']),
  path: tablePath,
  ...read,
});

/** Where interactions come from. */
export const dataSection = z
  .discriminatedUnion('source', [simulator, sequences, inter, table, published])
  .prefault({ source: 'simulator' });

export type DataSettings = z.output<typeof dataSection>;

/** Data in tables: any number of files, with steps of its own. */
export type TableSettings = Extract<DataSettings, { readonly steps: unknown }>;

export function isTable(data: DataSettings): data is TableSettings {
  return data.source === 'table' || data.source === 'published';
}
