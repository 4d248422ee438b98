import { scan } from '@rodpo/compile';
import { lookup, stopGradient } from '@rodpo/ops';
import {
  drawFromPool,
  drawInBatch,
  drawUniform,
  drawWeighted,
  topItems,
} from '@rodpo/samplers/tfjs';
import { fill, gather, tensor1d } from '@tensorflow/tfjs-core';
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
  const { excluded, chosen, itemCount, count, blockSize, uniform } = context;
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
    case 'pool': {
      const { hidden, items } = context[source.scoredBy ?? 'policy'];
      const { candidates } = context;
      if (candidates) {
        const vectors = stopGradient(() => lookup(items, candidates));
        const size = Math.min(source.size + 1, candidates.size);
        const best = topItems(hidden, vectors, { count: size, blockSize, scan, excluded });
        const pool = { ...best, items: gather(candidates, best.items) };
        const nothing = fill([tokens, 1], -1, 'int32');
        return drawFromPool(pool, nothing, noise, { poolSize: source.size });
      }
      // So many that the pool is full when every excluded item is among them.
      const most = Math.min(source.size + excluded.shape[1]!, itemCount);
      const best = topItems(hidden, items, { count: most, blockSize, scan });
      return drawFromPool(best, excluded, noise, { poolSize: source.size });
    }
  }
}
