import {
  add,
  concat,
  matMul,
  mul,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { expertLinears } from '../moe/expert-linears.ts';
import type { GroupedLinear } from '../moe/grouped-linear.ts';
import { type Routing, route } from '../moe/route.ts';
import { routerLosses } from '../moe/router-losses.ts';
import { routingStatistics } from '../moe/routing-statistics.ts';
import type { ParameterFinder } from '../parameters.ts';
import type { FilledHm4sr } from './settings.ts';

export interface AlignmentContext {
  /** `[tokens]` float32: 1, or 0 for padding. */
  readonly real: Tensor;
  readonly groupedLinear?: GroupedLinear;
}

export interface Aligned {
  readonly streams: readonly Tensor2D[];
  readonly auxiliaryLosses: readonly Scalar[];
  readonly statistics: Readonly<Record<string, Tensor>>;
}

/**
 * HM4SR's first level: to each stream `[tokens, dimension]` is added what a mixture of linear
 * experts makes of all streams side by side, times a learned weight of the stream. Each stream
 * routes its tokens for itself.
 *
 * HM4SR's expert is one layer from all streams to all, of which a stream takes its own columns. Here
 * each stream holds only these, which is the same.
 */
export function alignmentExperts(
  streams: readonly Tensor2D[],
  weight: ParameterFinder,
  settings: FilledHm4sr,
  context: AlignmentContext,
): Aligned {
  const together = concat([...streams], 1);
  const aligned = settings.streams.map((name, index) => {
    const inStream = (part: string) => weight(`alignment.${name}.${part}`);
    const stream = streams[index]!;
    const routing = routeStream(stream, inStream, settings);
    const mixed = expertLinears(
      together,
      { kernels: inStream('experts.kernel'), biases: inStream('experts.bias') },
      routing,
      context,
    );
    const vectors = add(stream, mul(mixed, inStream('weight'))) as Tensor2D;
    return { vectors, ...figures(routing, `alignment.${name}.`, settings, context) };
  });
  return {
    streams: aligned.map(({ vectors }) => vectors),
    auxiliaryLosses: aligned.flatMap(({ auxiliaryLoss }) => auxiliaryLoss ?? []),
    statistics: Object.assign({}, ...aligned.map(({ statistics }) => statistics)),
  };
}

function routeStream(
  stream: Tensor2D,
  weight: ParameterFinder,
  { alignment: { activeCount } }: FilledHm4sr,
): Routing {
  const logits = add(matMul(stream, weight('router.kernel') as Tensor2D), weight('router.bias'));
  return route(logits as Tensor2D, { activeCount });
}

/** Of sparse routing only: where every expert gets every token, nothing is to be balanced. */
function figures(
  routing: Routing,
  prefix: string,
  { alignment }: FilledHm4sr,
  { real }: AlignmentContext,
): { auxiliaryLoss?: Scalar; statistics: Record<string, Tensor> } {
  if (alignment.activeCount === alignment.expertCount) return { statistics: {} };
  const tokens = { routing, mask: real };
  const { auxiliaryLoss, losses } = routerLosses(tokens, alignment);
  const named = Object.entries({ ...routingStatistics(tokens), ...losses });
  return {
    ...(auxiliaryLoss && { auxiliaryLoss }),
    statistics: Object.fromEntries(named.map(([name, value]) => [prefix + name, value])),
  };
}
