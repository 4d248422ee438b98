import { hm4srDefaults, routerDefaults } from '@rodpo/encoder';
import { isJsonObject } from '@rodpo/files';
import { z } from 'zod';
import { count } from './count-setting.ts';

const weight = z.number().nonnegative();

const balance = z
  .strictObject({
    loss: z
      .enum(['switch', 'megatron', 'mixtral', 'cv', 'none'])
      .default(routerDefaults.balance.loss),
    weight: weight.default(routerDefaults.balance.weight),
  })
  .prefault({});

/** A sparse mixture of experts; sizes are counts. */
const experts = z.strictObject({
  expertCount: count.default(8),
  /** Experts that a token uses. */
  activeCount: count.default(2),
  /** Hidden units of one expert. */
  width: count.default(128),
  /** Hidden units of an expert that every token uses as well; 0 is none. */
  sharedWidth: z.int().nonnegative().default(0),
  scoring: z.enum(['softmax', 'sigmoid']).default('softmax'),
  normalise: z.boolean().default(true),
  noisy: z.boolean().default(false),
  /** Places an expert has, relative to an even load; null takes every token. */
  capacityFactor: z.number().positive().nullable().default(null),
  balance,
  zLossWeight: weight.default(routerDefaults.zLossWeight),
  /** Step of the bias that evens out the load without a loss; 0 is none. */
  biasRate: weight.default(0),
});

/** What every encoder has; sizes are counts. */
const sizes = {
  /** Most recent items an encoder reads. */
  maxLength: count.default(50),
  dimension: count.default(64),
  blockCount: count.default(2),
  headCount: count.default(2),
};

/** What is known of an item: its id, or vectors from the feature stores. */
const stream = z.enum(['id', 'text', 'image']);

const streams = z
  .array(stream)
  .min(1)
  .refine((named) => new Set(named).size === named.length, { message: 'must name each once' });

/** Buckets of the time between an item and the one before, on a logarithmic scale of seconds. */
const intervals = {
  intervalCount: count.default(32),
  intervalsPerOctave: z.number().positive().default(1),
};

const transformer = z.strictObject({
  kind: z.literal('transformer'),
  ...sizes,
  /** Layer norm after each residual sum, or before each layer. */
  norm: z.enum(['post', 'pre']).default('post'),
  /** `intervals` adds a vector for the time since the item before: the data must have times. */
  positions: z.enum(['learned', 'intervals']).default('learned'),
  ...intervals,
  streams: streams.default(['id']),
  fusion: z.enum(['early', 'gated', 'late']).default('early'),
  /** Takes the place of every block's feed-forward layer. */
  experts: experts.nullable().default(null),
});

const contrast = (defaults: { readonly weight: number; readonly temperature: number }) => ({
  weight: weight.default(defaults.weight),
  temperature: z.number().positive().default(defaults.temperature),
});

const hm4sr = z.strictObject({
  kind: z.literal('hm4sr'),
  ...sizes,
  streams: streams
    .refine((named) => named.includes('id'), { message: "must have 'id' among them" })
    .default(['id']),
  /** Experts that see all streams together. */
  alignment: z
    .strictObject({
      expertCount: count.default(hm4srDefaults.expertCount),
      /** Experts that a token uses; null is all of them. */
      activeCount: count.nullable().default(null),
      balance,
      zLossWeight: weight.default(routerDefaults.zLossWeight),
    })
    .prefault({}),
  /** Experts that see the time: the data must have it. Null leaves them out. */
  temporal: z
    .strictObject({ expertCount: count.default(hm4srDefaults.expertCount), ...intervals })
    .nullable()
    .prefault({}),
  losses: z
    .strictObject({
      idContrast: z.strictObject(contrast(hm4srDefaults.idContrast)).nullable().prefault({}),
      /** Only with streams beside the id. */
      placeholderContrast: z
        .strictObject({
          ...contrast(hm4srDefaults.placeholderContrast),
          share: z.number().gt(0).lt(1).default(hm4srDefaults.placeholderContrast.share),
        })
        .nullable()
        .prefault({}),
    })
    .prefault({}),
});

/** What reads the sequences: a transformer unless `kind` says otherwise. */
export const encoderSection = z
  .preprocess(
    (value) => (isJsonObject(value) ? { kind: 'transformer', ...value } : value),
    z.discriminatedUnion('kind', [transformer, hm4sr]),
  )
  .prefault({});

export type EncoderSettings = z.output<typeof encoderSection>;
export type TransformerSection = z.output<typeof transformer>;
export type Hm4srSection = z.output<typeof hm4sr>;
