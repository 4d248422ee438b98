import { requireOneOf } from '@rodpo/errors';

/** A loss that spreads tokens over experts. `cv` is importance and, with noise, load. */
export interface BalanceSettings {
  readonly loss: 'switch' | 'megatron' | 'mixtral' | 'cv' | 'none';
  readonly weight: number;
}

/** A sparse mixture of experts in place of a feed-forward layer. Plain JSON. */
export interface MixtureSettings {
  readonly expertCount: number;
  /** Experts of each token. */
  readonly activeCount: number;
  /** Hidden units of one expert. */
  readonly width: number;
  /** Hidden units of a shared expert that every token uses. Default 0: there is none. */
  readonly sharedWidth?: number;
  /** Default `softmax`. */
  readonly scoring?: 'softmax' | 'sigmoid';
  /** Whether a token's weights sum to `scale`. Default: with more than one active expert. */
  readonly normalise?: boolean;
  /** Factor of the weights. Default 1. */
  readonly scale?: number;
  /** Learned noise on the logits, in training. Default false. */
  readonly noisy?: boolean;
  /**
   * Most choices an expert takes, as a multiple of an equal share; those beyond are dropped. It
   * saves no time here. Default null: none is dropped.
   */
  readonly capacityFactor?: number | null;
  /** Default `megatron` with weight 0.01; `none` if there is a `biasRate`. */
  readonly balance?: BalanceSettings;
  /** Default 0.001, as in ST-MoE. */
  readonly zLossWeight?: number;
  /**
   * By how much the bias of each expert moves after a step to balance their load, without a loss
   * (DeepSeek-V3 has 0.001). Default 0: there is no bias.
   */
  readonly biasRate?: number;
}

/** @throws {RangeError} if there is no such loss */
export function checkBalance(name: string, { loss }: BalanceSettings): void {
  requireOneOf(name, loss, ['switch', 'megatron', 'mixtral', 'cv', 'none']);
}

/** @throws {RangeError} if a size or a weight does not fit, or a word is none of those that there are */
export function checkMixture(settings: MixtureSettings): void {
  const { expertCount, activeCount, width, sharedWidth = 0, ...rest } = settings;
  const { capacityFactor, balance, scale = 1, zLossWeight = 0, biasRate = 0, scoring } = rest;
  const require = (isRight: boolean, name: string, wanted: string, value: unknown) => {
    if (!isRight) throw new RangeError(`${name} must be ${wanted}, got ${value}`);
  };
  const isCount = (value: number) => Number.isInteger(value) && value >= 1;
  const isWeight = (value: number) => value >= 0 && value < Infinity;
  const factor = capacityFactor ?? 1;

  requireOneOf('scoring', scoring ?? 'softmax', ['softmax', 'sigmoid']);
  if (balance) checkBalance('balance.loss', balance);
  require(isCount(expertCount), 'expertCount', 'a positive integer', expertCount);
  const isPart = isCount(activeCount) && activeCount <= expertCount;
  require(isPart, 'activeCount', `an integer from 1 to the ${expertCount} experts`, activeCount);
  require(isCount(width), 'width', 'a positive integer', width);
  require(isCount(sharedWidth + 1), 'sharedWidth', 'an integer of at least 0', sharedWidth);
  require(scale > 0 && scale < Infinity, 'scale', 'positive and finite', scale);
  require(factor > 0 && factor < Infinity, 'capacityFactor', 'positive and finite', factor);
  for (const [name, value] of Object.entries({
    'balance.weight': balance?.weight ?? 0,
    zLossWeight,
    biasRate,
  })) {
    require(isWeight(value), name, 'at least 0 and finite', value);
  }
}
