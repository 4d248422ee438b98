import { z } from 'zod';
import { count } from './count-setting.ts';

const simulator = z.strictObject({
  source: z.literal('simulator'),
  userCount: count.default(2000),
  /** A user clicks up to 50 of them. */
  itemCount: count.min(50).default(1000),
  /** Also draw the products' images into the run folder. */
  images: z.boolean().default(true),
});

/** Lines `user item item …`, oldest first. */
const sequences = z.strictObject({ source: z.literal('sequences'), path: z.string() });

/** A RecBole atomic file. */
const inter = z.strictObject({
  source: z.literal('inter'),
  path: z.string(),
  fields: z
    .strictObject({
      user: z.string().default('user_id'),
      item: z.string().default('item_id'),
      time: z.string().default('timestamp'),
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

/** CSV, JSON Lines or Parquet, read by DuckDB as `readTable` of `@rodpo/data` explains it. */
const table = z
  .strictObject({
    source: z.literal('table'),
    /** A file or a pattern, or several that are one table. */
    path: z.union([z.string(), z.array(z.string()).min(1)]),
    columns: z.strictObject({
      user: z.string(),
      item: z.string(),
      time: z.string().exactOptional(),
      rating: z.string().exactOptional(),
    }),
    /** A query over the table `source`, whose result is read in its place. */
    select: z.string().exactOptional(),
    /** Interactions with a lower rating are left out. */
    minRating: z.number().exactOptional(),
    format: z.enum(['csv', 'json-lines', 'parquet']).exactOptional(),
    delimiter: z.string().exactOptional(),
    quote: z.string().exactOptional(),
    /** Of the columns, where a CSV has no header. */
    names: z.array(z.string()).min(1).exactOptional(),
    encoding: z.enum(['utf-8', 'latin-1']).exactOptional(),
    /** Of the times, which become seconds; `auto` takes the one in which they say dates. */
    timeUnit: z
      .enum(['auto', 'seconds', 'milliseconds', 'microseconds', 'nanoseconds'])
      .default('auto'),
    /** What DuckDB may take, as `800MB` or `4GB`; the result comes on top. */
    memoryLimit: z.string().exactOptional(),
    /** One after another, in place of `kCore`. */
    steps: z.array(step).default([{ kind: 'core', ...coreDefaults }]),
  })
  .refine(({ columns, minRating }) => minRating === undefined || columns.rating !== undefined, {
    path: ['minRating'],
    message: 'needs the column of ratings: name it in columns.rating',
  });

/** Where interactions come from. */
export const dataSection = z
  .discriminatedUnion('source', [simulator, sequences, inter, table])
  .prefault({ source: 'simulator' });

export type DataSettings = z.output<typeof dataSection>;
