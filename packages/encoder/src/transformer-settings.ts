import { requireOneOf, requirePositiveInteger } from '@rodpo/errors';
import type { BlockSettings } from './encoder-block.ts';
import type { Fusion } from './item-streams.ts';
import { checkMixture } from './moe/mixture-settings.ts';
import type { Positions } from './positions.ts';

/** Plain JSON. */
export interface TransformerSettings extends BlockSettings {
  readonly itemCount: number;
  /** Longest sequence the encoder can read. */
  readonly maxLength: number;
  readonly dimension: number;
  readonly blockCount: number;
  /** Hidden units of the feed-forward layers. Default 4 · dimension. Unused with `experts`. */
  readonly feedForwardWidth?: number;
  /** How tokens know where they are. Default 'learned'. */
  readonly positions?: Positions;
  /**
   * Buckets of `PackedTokens.intervals`, where positions are 'intervals'. Default 32: with one
   * bucket per octave, enough for any time in seconds.
   */
  readonly intervalCount?: number;
  /** What is known of an item. Default: its id alone. */
  readonly streams?: {
    readonly id: boolean;
    /** Width of the vectors of each modality, e.g. `{ text: 384 }`. */
    readonly vectors: Readonly<Record<string, number>>;
  };
  /** How several streams become one. Default 'early'. */
  readonly fusion?: Fusion;
}

/** `id` first, then modalities by name, so that their order in the settings does not matter. */
export function streamNames({ streams }: TransformerSettings): string[] {
  const { id, vectors } = streams ?? { id: true, vectors: {} };
  return [...(id ? ['id'] : []), ...Object.keys(vectors).sort()];
}

/** Whether every stream has its own blocks. */
export function hasTowers(settings: TransformerSettings): boolean {
  return settings.fusion === 'late' && streamNames(settings).length > 1;
}

/** Whether a softmax weighs the streams, so that an absent one needs no stand-in. */
export function isGated(settings: TransformerSettings): boolean {
  return settings.fusion === 'gated' && streamNames(settings).length > 1;
}

export function vectorWidth(settings: TransformerSettings): number {
  return settings.dimension * (hasTowers(settings) ? streamNames(settings).length : 1);
}

export function feedForwardWidthOf({ dimension, feedForwardWidth }: TransformerSettings): number {
  return feedForwardWidth ?? 4 * dimension;
}

/** 0 where intervals are not read. */
export function intervalCountOf({ positions, intervalCount = 32 }: TransformerSettings): number {
  return positions === 'intervals' ? intervalCount : 0;
}

/** Names of other parameters, which a modality's would be taken for. */
const reserved = ['id', 'fusion'];

/** @throws {RangeError} naming the setting, what was expected and what came */
export function checkTransformer(settings: TransformerSettings): void {
  checkSizes(settings);
  const { norm = 'post', positions = 'learned', fusion = 'early' } = settings;
  requireOneOf('norm', norm, ['post', 'pre']);
  requireOneOf('positions', positions, ['learned', 'intervals']);
  requireOneOf('fusion', fusion, ['early', 'gated', 'late']);
  if (settings.experts) checkMixture(settings.experts);

  if (streamNames(settings).length === 0) {
    throw new RangeError('streams must name something to know items by: id, or vectors');
  }
  const taken = reserved.find((name) => Object.hasOwn(settings.streams?.vectors ?? {}, name));
  if (taken) {
    throw new RangeError(`streams.vectors must not name any '${taken}': the name is taken`);
  }
}

function checkSizes(settings: TransformerSettings): void {
  const { itemCount, maxLength, dimension, blockCount, headCount } = settings;
  const { feedForwardWidth = 1, intervalCount = 1, streams } = settings;
  const sizes = { itemCount, maxLength, dimension, blockCount, headCount };
  const widths = { feedForwardWidth, intervalCount, ...streams?.vectors };
  for (const [name, value] of Object.entries({ ...sizes, ...widths })) {
    requirePositiveInteger(name, value);
  }
  if (dimension % headCount !== 0) {
    throw new RangeError(`headCount must divide the dimension ${dimension}, got ${headCount}`);
  }
}
