import { z } from 'zod';

const count = z.int().positive();
const weight = z.number().nonnegative();

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
  balance: z
    .strictObject({
      loss: z.enum(['switch', 'megatron', 'mixtral', 'cv', 'none']).default('megatron'),
      weight: weight.default(0.01),
    })
    .prefault({}),
  zLossWeight: weight.default(0.001),
  /** Step of the bias that evens out the load without a loss; 0 is none. */
  biasRate: weight.default(0),
});

/** What reads the sequences. */
export const encoderSection = z
  .strictObject({
    /** Most recent items an encoder reads. */
    maxLength: count.default(50),
    dimension: count.default(64),
    blockCount: count.default(2),
    headCount: count.default(2),
    /** Layer norm after each residual sum, or before each layer. */
    norm: z.enum(['post', 'pre']).default('post'),
    /** What is known of an item: its id, or vectors from the feature stores. */
    streams: z
      .array(z.enum(['id', 'text', 'image']))
      .min(1)
      .default(['id']),
    fusion: z.enum(['early', 'gated', 'late']).default('early'),
    /** Takes the place of every block's feed-forward layer. */
    experts: experts.nullable().default(null),
  })
  .prefault({});
