import { add, mul, type Scalar } from '@tensorflow/tfjs-core';
import {
  megatronBalanceLoss,
  mixtralBalanceLoss,
  type RoutedTokens,
  switchBalanceLoss,
} from './balance-losses.ts';
import { importanceLoss } from './importance-loss.ts';
import { loadLoss } from './load-loss.ts';
import type { BalanceSettings, MixtureSettings } from './mixture-settings.ts';
import { routerDefaults } from './router-defaults.ts';
import { routerZLoss } from './router-z-loss.ts';

/** The losses of a router by name, and their sum by their weights. */
export interface RouterLosses {
  /** None if no loss weighs anything. */
  readonly auxiliaryLoss?: Scalar;
  readonly losses: Readonly<Record<string, Scalar>>;
}

type Loss = (tokens: RoutedTokens) => Scalar;

const balanceLosses: Readonly<Record<Exclude<BalanceSettings['loss'], 'none'>, Loss>> = {
  switch: switchBalanceLoss,
  megatron: megatronBalanceLoss,
  mixtral: mixtralBalanceLoss,
  cv: (tokens) =>
    tokens.routing.noisy ? add(importanceLoss(tokens), loadLoss(tokens)) : importanceLoss(tokens),
};

/** The losses that settings ask for: `balanceLoss` and `zLoss`. */
export function routerLosses(
  tokens: RoutedTokens,
  {
    balance,
    zLossWeight = routerDefaults.zLossWeight,
    biasRate = 0,
  }: Pick<MixtureSettings, 'balance' | 'zLossWeight' | 'biasRate'>,
): RouterLosses {
  const { loss, weight } = balance ?? {
    ...routerDefaults.balance,
    ...(biasRate > 0 ? { loss: 'none' } : {}),
  };
  const losses = {
    ...(loss !== 'none' && weight !== 0 && { balanceLoss: balanceLosses[loss](tokens) }),
    ...(zLossWeight !== 0 && { zLoss: routerZLoss(tokens) }),
  };
  const weighted = [
    ...(losses.balanceLoss ? [mul(losses.balanceLoss, weight)] : []),
    ...(losses.zLoss ? [mul(losses.zLoss, zLossWeight)] : []),
  ];
  if (weighted.length === 0) return { losses };
  return { auxiliaryLoss: weighted.reduce((sum, part) => add(sum, part)) as Scalar, losses };
}
