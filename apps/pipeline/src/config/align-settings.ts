import { alignDefaults, popularityExponent } from '@rodpo/recipe';
import { z } from 'zod';
import { poolCandidates, sampledLoss } from './candidate-settings.ts';
import { count } from './count-setting.ts';

const settings = {
  beta: z.number().positive(),
  /** What policy and reference are scored under when two items are compared: `Margin` of the recipe. */
  margin: z.enum(['policy-dropout', 'no-dropout', 'same-dropout', 'centred']),
  /** λ: weight of the cross-entropy beside the preference loss. */
  crossEntropyWeight: z.number().nonnegative(),
  /** Among which items that cross-entropy is. */
  crossEntropy: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('auto') }),
    z.strictObject({ kind: z.literal('softmax') }),
    sampledLoss,
  ]),
  /** Of the encoder's own losses: the balance of its routers, HM4SR's contrasts. 1 unless it is set. */
  auxiliaryWeight: z.number().nonnegative(),
  learningRate: z.number().positive(),
  dropout: z.number().min(0).lt(1),
  maxEpochs: count,
  /** Epochs without a better validation NDCG@10 after which alignment stops. */
  patience: count,
  /** Never drawn: the chosen item only, or every training item of the user that is read. */
  exclude: z.enum(['chosen', 'history']),
  /** Learn from every item of a sequence, from the last one only, or from so many at its end. */
  positions: z.union([z.enum(['all', 'last']), z.strictObject({ last: count })]),
};

const negatives = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('catalogue') }),
  /** In proportion to the number of training interactions, to a power. */
  z.strictObject({
    from: z.literal('popularity'),
    exponent: z.number().min(0).default(popularityExponent),
  }),
  /** What was chosen at the other positions that the batch learns from. */
  z.strictObject({ from: z.literal('batch') }),
  /** What the user chose before: sure negatives where nobody chooses twice. */
  z.strictObject({ from: z.literal('history') }),
  /** The best-scored items; a size of 1 is the hardest. */
  z.strictObject({
    from: z.literal('pool'),
    size: count,
    /** The policy as it is now, or the frozen reference: then a pool never changes. */
    scoredBy: z.enum(['policy', 'reference']).default('policy'),
    /** Items of each batch that pools are the best of. Without it: all, or by the catalogue's size. */
    among: poolCandidates.optional(),
  }),
]);

const strategy = z
  .strictObject({
    /** Files are called by it: most file systems take names of up to 255 bytes. */
    name: z
      .string()
      .max(100)
      .regex(/^[a-z0-9-]+$/),
    /**
     * Controls that train as long without DPO: `none` leaves the cross-entropy alone, `pretrain` goes on
     * with the loss of pretraining.
     */
    loss: z.enum(['dpo', 'softmax-dpo', 'none', 'pretrain']).default('dpo'),
    negatives: negatives.default({ from: 'catalogue' }),
    /** Negatives per example; more than one with `softmax-dpo` only. */
    count: count.default(1),
    ...z.strictObject(settings).partial().shape,
  })
  .refine(({ loss, count }) => count === 1 || loss === 'softmax-dpo', {
    path: ['count'],
    message: "must be 1: several negatives need the loss 'softmax-dpo'",
  })
  .refine(({ loss, positions = 'all' }) => loss !== 'pretrain' || positions === 'all', {
    path: ['positions'],
    message: "must be 'all': pretraining learns from every position",
  })
  .refine(({ negatives, count }) => negatives.from !== 'pool' || negatives.size >= count, {
    path: ['count'],
    message: 'must be at most negatives.size: draws from a pool are distinct',
  });

/** How pretrained encoders are aligned; a strategy may set anything otherwise for itself. */
export const alignSection = z
  .strictObject({
    beta: settings.beta.default(alignDefaults.beta),
    margin: settings.margin.default(alignDefaults.margin),
    crossEntropyWeight: settings.crossEntropyWeight.default(alignDefaults.crossEntropyWeight),
    crossEntropy: settings.crossEntropy.prefault({ kind: 'auto' }),
    auxiliaryWeight: settings.auxiliaryWeight.optional(),
    learningRate: settings.learningRate.default(alignDefaults.learningRate),
    /** As in pretraining: without it the cross-entropy overfits. */
    dropout: settings.dropout.default(alignDefaults.dropout),
    maxEpochs: settings.maxEpochs.default(alignDefaults.maxEpochs),
    patience: settings.patience.default(alignDefaults.patience),
    exclude: settings.exclude.default(alignDefaults.exclude),
    positions: settings.positions.default(alignDefaults.positions),
    strategies: z
      .array(strategy)
      .min(1)
      .prefault([
        { name: 'uniform', negatives: { from: 'catalogue' } },
        { name: 'hard', negatives: { from: 'pool', size: 1 } },
        { name: 'stochastic', negatives: { from: 'pool', size: 50 } },
      ]),
  })
  .prefault({});

type AlignSection = z.output<typeof alignSection>;
export type Strategy = AlignSection['strategies'][number];

/** A strategy with every setting that it leaves to its section. */
export type AlignSettings = Omit<AlignSection, 'strategies'> &
  Pick<Strategy, 'name' | 'loss' | 'negatives' | 'count'>;

export { strategy as strategySettings };

/** Whether a strategy trains without a preference loss: it draws no negatives then. */
export function isControl({ loss }: Pick<Strategy, 'loss'>): boolean {
  return loss === 'none' || loss === 'pretrain';
}

export function alignSettings(
  { strategies: _, ...common }: AlignSection,
  own: Strategy,
): AlignSettings {
  const set = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...common, ...Object.fromEntries(set) } as AlignSettings;
}
