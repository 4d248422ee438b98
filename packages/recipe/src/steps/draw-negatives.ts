import { scan } from '@rodpo/compile';
import { lookup, stopGradient } from '@rodpo/ops';
import {
  drawFromPool,
  drawInBatch,
  drawUniform,
  drawWeighted,
  topItems,
} from '@rodpo/samplers/tfjs';
import { fill, gather, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import type { DrawContext, DrawnNegatives, NegativeSource } from './align-settings.ts';
import { drawFromHistory } from './draw-from-history.ts';

/** A source whose draw is a part of the step. */
export type SourceInStep = Exclude<NegativeSource, { readonly from: 'sampler' }>;

/**
 * The rejected items of every token, from where the strategy takes them.
 *
 * @param popularity running totals of the items' weights, for negatives by popularity
 */
export function drawNegatives(
  source: SourceInStep,
  context: DrawContext,
  popularity?: Int32Array,
): DrawnNegatives {
  if (typeof source === 'function') return source(context);
  const { excluded, chosen, itemCount, count, uniform } = context;
  const tokens = excluded.shape[0]!;
  const noise = uniform(count === 1 ? [tokens] : [tokens, count]);
  switch (source.from) {
    case 'catalogue':
      return drawUniform(excluded, noise, itemCount);
    case 'popularity':
      return drawWeighted(excluded, noise, tensor1d(popularity!, 'int32'));
    case 'history': {
      if (context.tokens) return drawFromHistory(context.tokens, chosen, noise);
      throw new RangeError('Negatives of the history need `tokens`: the batch as it is read.');
    }
    case 'batch':
      return drawInBatch(chosen, noise, { excluded });
    case 'pool':
      return drawFromBest(source, context, noise);
  }
}

/** What is excluded is none of the best, in the first place. */
function drawFromBest(
  { scoredBy = 'policy', size }: Extract<SourceInStep, { readonly from: 'pool' }>,
  { excluded, blockSize, candidates, ...context }: DrawContext,
  noise: Tensor,
): DrawnNegatives {
  const { hidden, items } = context[scoredBy];
  const among = candidates ? stopGradient(() => lookup(items, candidates)) : items;
  const most = Math.min(size + 1, among.shape[0]!);
  const best = topItems(hidden, among, { count: most, blockSize, scan, excluded });
  const pool = candidates ? { ...best, items: gather(candidates, best.items) } : best;
  const nothing = fill([excluded.shape[0]!, 1], -1, 'int32');
  return drawFromPool(pool, nothing, noise, { poolSize: size });
}
