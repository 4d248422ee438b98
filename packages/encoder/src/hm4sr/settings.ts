import { type BalanceSettings, checkBalance } from '../moe/mixture-settings.ts';
import { routerDefaults } from '../moe/router-defaults.ts';
import { hm4srDefaults } from './hm4sr-defaults.ts';

export interface Hm4srContrast {
  /** Factor of the loss. Default 1. */
  readonly weight?: number;
  /** What cosines are divided by. */
  readonly temperature?: number;
}

export interface Hm4srLosses {
  /** Users and the ids they take next, against the ids others take. Temperature 0.2. */
  readonly idContrast?: Hm4srContrast | null;
  /**
   * A sequence and the same with a `share` (default 0.3) of its vectors hidden, against other
   * sequences. Temperature 1. By default on if there are `vectors`.
   */
  readonly placeholderContrast?: (Hm4srContrast & { readonly share?: number }) | null;
  /** Which of `count` categories an item has. Default null: none is known. */
  readonly categories?: { readonly count: number; readonly weight?: number } | null;
}

/** Plain JSON. Defaults are those of HM4SR. */
export interface Hm4srSettings {
  readonly itemCount: number;
  /** Longest sequence the encoder can read. */
  readonly maxLength: number;
  /** Of each stream. Default 64. */
  readonly dimension?: number;
  /** Default 2. */
  readonly blockCount?: number;
  /** Default 2. */
  readonly headCount?: number;
  /** Hidden units of the feed-forward layers. Default 4 · dimension. */
  readonly feedForwardWidth?: number;
  /** Width of the vectors of each modality, e.g. `{ text: 384 }`; each is a stream beside the id. */
  readonly vectors: Readonly<Record<string, number>>;
  readonly alignment?: {
    /** Default 4. */
    readonly expertCount?: number;
    /** Experts of each token and stream. Default: all, as HM4SR has it; fewer is sparse. */
    readonly activeCount?: number;
    /** With fewer than all experts active. Default `megatron` with weight 0.01. */
    readonly balance?: BalanceSettings;
    /** With fewer than all experts active. Default 0.001. */
    readonly zLossWeight?: number;
  };
  /** Null without times: level 2 is left out, and placeholders are the same at all times. */
  readonly temporal: {
    /** Default 4. */
    readonly expertCount?: number;
    /** Buckets of the time since the item before. */
    readonly intervalCount: number;
  } | null;
  readonly losses?: Hm4srLosses;
}

type Filled<Type> = { readonly [Key in keyof Type]-?: NonNullable<Type[Key]> };

/** Settings with every default in its place. */
export interface FilledHm4sr extends Filled<Omit<Hm4srSettings, 'temporal' | 'losses'>> {
  /** `id` first, then modalities by name, so that their order in the settings does not matter. */
  readonly streams: readonly string[];
  readonly alignment: Filled<NonNullable<Hm4srSettings['alignment']>>;
  readonly temporal: Filled<NonNullable<Hm4srSettings['temporal']>> | null;
  readonly losses: {
    readonly [Key in keyof Hm4srLosses]-?: Filled<NonNullable<Hm4srLosses[Key]>> | null;
  };
}

/** @throws {RangeError} naming the setting, what was expected and what came */
export function fillHm4sr(settings: Hm4srSettings): FilledHm4sr {
  const { vectors, alignment, temporal } = settings;
  const { dimension, blockCount, headCount } = { ...hm4srDefaults, ...settings };
  const { expertCount = hm4srDefaults.expertCount } = alignment ?? {};
  const filled: FilledHm4sr = {
    ...settings,
    dimension,
    blockCount,
    headCount,
    feedForwardWidth: settings.feedForwardWidth ?? 4 * dimension,
    streams: ['id', ...Object.keys(vectors).sort()],
    alignment: {
      ...routerDefaults,
      activeCount: expertCount,
      ...alignment,
      expertCount,
    },
    temporal: temporal && { expertCount: hm4srDefaults.expertCount, ...temporal },
    losses: fillLosses(settings),
  };
  checkSizes(filled);
  checkLosses(filled);
  return filled;
}

function fillLosses({ vectors, losses = {} }: Hm4srSettings): FilledHm4sr['losses'] {
  const { idContrast = {}, categories = null } = losses;
  const { placeholderContrast = Object.keys(vectors).length > 0 ? {} : null } = losses;
  return {
    idContrast: idContrast && { ...hm4srDefaults.idContrast, ...idContrast },
    placeholderContrast: placeholderContrast && {
      ...hm4srDefaults.placeholderContrast,
      ...placeholderContrast,
    },
    categories: categories && { ...hm4srDefaults.categories, ...categories },
  };
}

function require(isRight: boolean, name: string, wanted: string, value: unknown): void {
  if (!isRight) throw new RangeError(`${name} must be ${wanted}, got ${value}`);
}

function checkSizes({ alignment, temporal, losses, ...settings }: FilledHm4sr): void {
  const { itemCount, maxLength, dimension, blockCount, headCount, feedForwardWidth } = settings;
  const sizes = {
    ...{ itemCount, maxLength, dimension, blockCount, headCount, feedForwardWidth },
    ...settings.vectors,
    'alignment.expertCount': alignment.expertCount,
    'temporal.expertCount': temporal?.expertCount ?? 1,
    'temporal.intervalCount': temporal?.intervalCount ?? 1,
    'losses.categories.count': losses.categories?.count ?? 1,
  };
  for (const [name, value] of Object.entries(sizes)) {
    require(Number.isInteger(value) && value >= 1, name, 'a positive integer', value);
  }
  require(dimension % headCount === 0, 'headCount', `a divisor of ${dimension}`, headCount);
  const { activeCount, expertCount } = alignment;
  const isPart = Number.isInteger(activeCount) && activeCount >= 1 && activeCount <= expertCount;
  const wanted = `an integer from 1 to the ${expertCount} experts`;
  require(isPart, 'alignment.activeCount', wanted, activeCount);
}

function checkLosses({ alignment, losses, streams }: FilledHm4sr): void {
  const { idContrast, placeholderContrast, categories } = losses;
  checkBalance('alignment.balance.loss', alignment.balance);
  for (const [name, value] of Object.entries({
    'alignment.balance.weight': alignment.balance.weight,
    'alignment.zLossWeight': alignment.zLossWeight,
    'losses.idContrast.weight': idContrast?.weight ?? 0,
    'losses.placeholderContrast.weight': placeholderContrast?.weight ?? 0,
    'losses.categories.weight': categories?.weight ?? 0,
  })) {
    require(value >= 0 && value < Infinity, name, 'at least 0 and finite', value);
  }
  for (const [name, value] of Object.entries({
    'losses.idContrast.temperature': idContrast?.temperature ?? 1,
    'losses.placeholderContrast.temperature': placeholderContrast?.temperature ?? 1,
  })) {
    require(value > 0 && value < Infinity, name, 'positive and finite', value);
  }
  const share = placeholderContrast?.share ?? 0.5;
  const name = 'losses.placeholderContrast';
  require(share > 0 && share < 1, `${name}.share`, 'above 0 and below 1', share);
  const hasVectors = streams.length > 1;
  require(hasVectors || !placeholderContrast, name, 'null without vectors to hide', 'one');
  const reserved = streams.slice(1).find((stream) => stream === 'id' || stream === 'categories');
  require(!reserved, 'the name of vectors', 'none of id, categories', reserved);
}
