import { candidateDefaults, popularityExponent } from '@rodpo/recipe';
import { z } from 'zod';
import { count } from './count-setting.ts';

const sources = [
  z.strictObject({ from: z.literal('catalogue') }),
  /** In proportion to the training interactions, each item counted once more, to a power. */
  z.strictObject({
    from: z.literal('popularity'),
    exponent: z.number().min(0).default(popularityExponent),
  }),
  /** By rank of popularity, nearly Zipf's law. */
  z.strictObject({ from: z.literal('log-uniform') }),
  /** What the batch itself learns. */
  z.strictObject({ from: z.literal('batch') }),
] as const;

const share = z.number().positive().max(1);
const [catalogue, popularity, logUniform, batch] = sources;
const parts = z.discriminatedUnion('from', [
  catalogue.extend({ share }),
  popularity.extend({ share }),
  logUniform.extend({ share }),
  batch.extend({ share }),
]);

/** Where candidates come from; the shares of mixed ones sum to 1. */
const distribution = z.discriminatedUnion('from', [
  ...sources,
  z
    .strictObject({ from: z.literal('mixed'), parts: z.array(parts).min(1) })
    .refine(
      ({ parts: own }) => Math.abs(own.reduce((sum, part) => sum + part.share, 0) - 1) < 1e-6,
      { path: ['parts'], message: 'must have shares that sum to 1' },
    ),
]);

/** Items drawn for each batch, that pools are the best of. */
export const candidateSettings = z.strictObject({
  candidates: count.default(candidateDefaults.candidates),
  distribution: distribution.prefault({ from: 'popularity' }),
});

/** A softmax among items drawn for each batch. */
export const sampledLoss = candidateSettings.extend({
  kind: z.literal('sampled'),
  /** One draw for the batch, or one for each packed row of it. */
  shared: z.enum(['batch', 'row']).default('batch'),
});
