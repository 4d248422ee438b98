import { z } from 'zod';
import { strategySettings } from '../config/align-settings.ts';
import { count } from '../config/count-setting.ts';
import { path } from '../config/path-setting.ts';

const seed = z.int().nonnegative();
const name = z
  .string()
  .max(100)
  .regex(/^[a-z0-9-]+$/);
/** A part of a run's config; checked as such once it is merged. */
const runSettings = z.record(z.string(), z.unknown());
const metric = z.string().regex(/^(hit|ndcg|mrr|recall|precision|map)@[1-9]\d*$/);

const sweep = z.strictObject({
  /** The strategy that is repeated with other pool sizes, its other settings as tuned. */
  strategy: name,
  poolSizes: z.array(count).min(1),
  /** By name; null is the first encoder only. */
  encoders: z.array(name).min(1).nullable().default(null),
});

/** Values to try; a setting that is left out is not tuned. */
const space = z.strictObject({
  beta: z.array(z.number().positive()).min(1).optional(),
  crossEntropyWeight: z.array(z.number().nonnegative()).min(1).optional(),
  learningRate: z.array(z.number().positive()).min(1).optional(),
  /** Of strategies that draw from a pool, unless it is the hardest item alone. */
  poolSize: z.array(count).min(1).optional(),
});

const tuning = z.strictObject({
  /** Of the pretrained encoder that the trials align, and of what is tried. */
  seed: seed.default(1),
  /** Combinations that each strategy tries; all of them if there are fewer. */
  trials: count.default(8),
  /** Of the validation part, always. */
  metric: z
    .string()
    .regex(/^(hit|ndcg|mrr)@[1-9]\d*$/)
    .default('ndcg@10'),
  space,
  /** Each encoder by itself, or the first one for all. */
  tuneOn: z.enum(['first', 'each']).default('first'),
});

/** What a comparison's file says, with its defaults. */
export const comparisonSettings = z.strictObject({
  title: z.string().default('Comparison of alignment strategies'),
  /** Folder of the comparison, relative to where the command is run. */
  output: path.default('runs/compare'),
  /** A run's config, without `output`, `seed` and `align.strategies`. */
  base: runSettings.default({}),
  seeds: z.array(seed).min(1).default([1, 2, 3]),
  /** What is different of the base: objects are merged, anything else replaced. */
  encoders: z
    .array(z.strictObject({ name, change: runSettings.default({}) }))
    .min(1)
    .default([{ name: 'dense', change: {} }]),
  strategies: z.array(strategySettings).min(1),
  sweep: sweep.nullable().default(null),
  tuning: tuning.nullable().default(null),
  /** Those of the report, in its order. */
  metrics: z.array(metric).min(1).default(['ndcg@5', 'mrr@5', 'ndcg@10', 'hit@10']),
});

export type ComparisonSettings = z.output<typeof comparisonSettings>;
export type Tuning = NonNullable<ComparisonSettings['tuning']>;
/** Settings that tuning tries together. */
export type Combination = {
  readonly [Name in keyof Tuning['space']]?: number;
};
