import { type Uniform, unscaledGelu } from '@rodpo/ops';
import {
  add,
  cos,
  log,
  matMul,
  mul,
  type Scalar,
  sqrt,
  sub,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import { feedForward } from '../feed-forward.ts';
import { nextBias } from './balanced-bias.ts';
import { expertCapacity, withinCapacity } from './capacity.ts';
import { choiceCounts } from './choice-counts.ts';
import { type Dispatch, dispatch, fromExperts, toExperts } from './dispatch.ts';
import { everyGroup } from './every-group.ts';
import type { GroupedLinear } from './grouped-linear.ts';
import { checkMixture, type MixtureSettings } from './mixture-settings.ts';
import { type Routing, route } from './route.ts';
import { routerLosses } from './router-losses.ts';
import { routingStatistics } from './routing-statistics.ts';

export type { MixtureSettings } from './mixture-settings.ts';

export interface MixtureOptions {
  /** `[n]` float32: 1 for a real token, 0 for padding. */
  readonly mask: Tensor;
  /** Draws the noise of `noisy` routing. */
  readonly uniform: Uniform;
  /** Default `everyGroup`, which saves no work. */
  readonly groupedLinear?: GroupedLinear;
  /** Whether `noisy` routing is noisy. Default false. */
  readonly training?: boolean;
}

export interface MixtureResult {
  /** `[n, dimension]`. Padding gives values without meaning. */
  readonly output: Tensor2D;
  /** Weighted sum of the balance loss and the router z-loss; none if both weigh nothing. */
  readonly auxiliaryLoss?: Scalar;
  /** As `routingStatistics`, and each loss that weighs something, before its weight. */
  readonly statistics: Readonly<Record<string, Tensor>>;
  /** `router.bias` after this step, if there is a `biasRate`. */
  readonly updates: Readonly<Record<string, Tensor>>;
}

type Weight = (name: string) => Tensor;

/**
 * A sparse mixture of experts over tokens `x` `[n, dimension]`, in place of a feed-forward layer:
 * a router sends each token to its best experts, each a `feedForward` of its own, and adds up what
 * they say by the router's weights. A token whose choices are all dropped for lack of capacity gets
 * zeros. A shared expert, if there is one, adds to every token.
 *
 * Tokens do not affect one another, unless there is a capacity.
 *
 * @param weight finds a parameter by the name that `initMixture` gave it, without the prefix
 * @throws {RangeError} if a setting does not fit
 * @see Shazeer et al., 2017, https://arxiv.org/abs/1701.06538
 * @see Dai et al., "DeepSeekMoE", 2024, https://arxiv.org/abs/2401.06066 (shared experts)
 */
export function mixtureOfExperts(
  x: Tensor2D,
  weight: Weight,
  settings: MixtureSettings,
  options: MixtureOptions,
): MixtureResult {
  checkMixture(settings);
  const { mask, groupedLinear = everyGroup } = options;

  return tidy(() => {
    const routing = routeTokens(x, weight, settings, options);
    const keep = kept(routing, mask, settings);
    const weights = keep ? mul(routing.weights, keep) : routing.weights;
    const plan = dispatch(routing.experts, settings.expertCount);
    const outputs = runExperts(toExperts(x, plan), weight, plan, groupedLinear);
    const routed = fromExperts(outputs, weights as Tensor2D, plan);
    const { auxiliaryLoss, losses } = routerLosses({ routing, mask }, settings);
    return {
      output: settings.sharedWidth ? add(routed, runShared(x, weight)) : routed,
      ...(auxiliaryLoss && { auxiliaryLoss }),
      statistics: { ...routingStatistics({ routing, mask, ...(keep && { keep }) }), ...losses },
      updates: updatesOf(routing, mask, weight, settings),
    };
  }) as MixtureResult;
}

function routeTokens(
  x: Tensor2D,
  weight: Weight,
  { biasRate = 0, noisy = false, ...settings }: MixtureSettings,
  { uniform, training = false }: MixtureOptions,
): Routing {
  const logits = matMul(x, weight('router.kernel') as Tensor2D) as Tensor2D;
  const noise = () => ({
    scale: matMul(x, weight('router.noise') as Tensor2D),
    normal: standardNormal(logits.shape, uniform),
  });
  return route(logits, {
    ...settings,
    ...(biasRate > 0 && { bias: weight('router.bias') }),
    ...(noisy && training && { noise: noise() }),
  });
}

/** By Box and Muller, from two uniform draws for each value. */
function standardNormal(shape: readonly number[], uniform: Uniform): Tensor {
  const radius = sqrt(mul(-2, log(sub(1, uniform(shape)))));
  return mul(radius, cos(mul(2 * Math.PI, uniform(shape))));
}

function kept(routing: Routing, mask: Tensor, settings: MixtureSettings): Tensor2D | undefined {
  const { expertCount, activeCount, capacityFactor: factor } = settings;
  if (factor === undefined || factor === null) return undefined;
  const capacity = expertCapacity(mask, { expertCount, activeCount, factor });
  return withinCapacity(routing.experts, mask, { capacity, expertCount });
}

/** GELU's two factors go into the kernels, as in `feedForward`. */
function runExperts(
  rows: Tensor2D,
  weight: Weight,
  { counts }: Dispatch,
  groupedLinear: GroupedLinear,
): Tensor2D {
  const halved = (name: string) => mul(weight(name), Math.SQRT1_2) as Tensor;
  const hidden = groupedLinear(
    rows,
    halved('experts.up.kernel'),
    halved('experts.up.bias'),
    counts,
  );
  const down = halved('experts.down.kernel');
  return groupedLinear(unscaledGelu(hidden) as Tensor2D, down, weight('experts.down.bias'), counts);
}

function runShared(x: Tensor2D, weight: Weight): Tensor2D {
  return feedForward(x, {
    up: weight('shared.up.kernel'),
    upBias: weight('shared.up.bias'),
    down: weight('shared.down.kernel'),
    downBias: weight('shared.down.bias'),
  });
}

function updatesOf(
  { experts }: Routing,
  mask: Tensor,
  weight: Weight,
  { biasRate = 0, expertCount }: MixtureSettings,
): Record<string, Tensor> {
  if (biasRate === 0) return {};
  const counts = choiceCounts(experts, mask, expertCount);
  return { 'router.bias': nextBias(weight('router.bias'), counts, biasRate) };
}
