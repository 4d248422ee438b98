import { candidateDefaults, indexDefaults, popularityExponent } from '@rodpo/recipe';
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

/** Shares sum to 1. */
const mixed = z
  .strictObject({ from: z.literal('mixed'), parts: z.array(parts).min(1) })
  .refine(({ parts: own }) => Math.abs(own.reduce((sum, part) => sum + part.share, 0) - 1) < 1e-6, {
    path: ['parts'],
    message: 'must have shares that sum to 1',
  });

/** The nearest items to what the batch's users want, under a snapshot of the policy: `IndexCandidates` of the recipe. */
const index = z.strictObject({
  from: z.literal('index'),
  /** From one snapshot to the next. */
  every: z
    .union([z.strictObject({ steps: count }), z.strictObject({ epochs: count })])
    .default(indexDefaults.every),
  /** Steps after a snapshot from which its index is used. Without it: when the next snapshot is due. */
  readyAfter: z.int().nonnegative().optional(),
  /** Tokens of a batch that are asked about. */
  askedTokens: count.default(indexDefaults.askedTokens),
  /** Items looked for after each of them. Without it: as large as a pool, and what may be excluded. */
  nearest: count.optional(),
  expansion: count.default(indexDefaults.expansion),
});

const distribution = z.discriminatedUnion('from', [...sources, mixed]);
const candidates = count.default(candidateDefaults.candidates);

/** Items of each batch that pools are the best of. */
export const poolCandidates = z.strictObject({
  candidates,
  distribution: z
    .discriminatedUnion('from', [...sources, mixed, index])
    .prefault({ from: 'popularity' }),
});

/** A softmax among items drawn for each batch. */
export const sampledLoss = z.strictObject({
  candidates,
  distribution: distribution.prefault({ from: 'popularity' }),
  kind: z.literal('sampled'),
  /** One draw for the batch, or one for each packed row of it. */
  shared: z.enum(['batch', 'row']).default('batch'),
});
