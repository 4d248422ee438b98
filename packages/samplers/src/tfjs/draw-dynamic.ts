import { stopGradient } from '@rodpo/ops';
import {
  expandDims,
  gather,
  matMul,
  reshape,
  scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  topk,
  util,
} from '@tensorflow/tfjs-core';
import { floorDraw } from './floor-draw.ts';
import { noiseMatrix } from './noise-matrix.ts';

export interface DynamicOptions {
  /** How many of the best of the drawn ones to choose from: M of DNS(M, N). Default 1. */
  readonly poolSize?: number;
  /** `[n]` or `[n, count]` float32, uniform in [0, 1); for a `poolSize` above 1. */
  readonly noise?: Tensor;
}

/**
 * Dynamic negative sampling: of the items `drawn` for each row, the one that scores best, or one
 * of the `poolSize` best, each with equal probability. Only drawn items are scored, by dot product
 * of `hidden` `[n, dimension]` with their rows of `items` `[itemCount, dimension]`. `[n]` int32, or
 * of the noise's shape; an item may then come twice. Ties go to the earlier draw.
 *
 * There are no log-probabilities: they depend on how many of all items score better than the one
 * drawn, which is what this avoids to compute. Who knows that: with N draws, uniform over A items,
 * the item that has rank r among them has `q = (E[min(M, X)] − E[min(M, Y)]) / M`, X and Y being
 * binomial, of N trials with probabilities r / A and (r − 1) / A.
 *
 * @param drawn `[n, N]` int32, such as the items of `drawUniform` or `drawWeighted`
 * @see Zhang et al., "Optimizing Top-N Collaborative Filtering via Dynamic Negative Item Sampling",
 * SIGIR 2013, https://doi.org/10.1145/2484028.2484126; Shi et al., "On the Theories Behind Hard
 * Negative Sampling for Recommendation", WWW 2023, https://arxiv.org/abs/2302.03472 (DNS(M, N))
 * @throws {RangeError} if `poolSize` is not an integer from 1 to N, there is no `noise` for one
 * above 1, or its shape is another
 * @throws {Error} if the dimensions or numbers of rows differ
 */
export function drawDynamic(
  hidden: Tensor,
  items: Tensor,
  drawn: Tensor,
  { poolSize = 1, noise }: DynamicOptions = {},
): { items: Tensor } {
  const [rows, dimension] = hidden.shape as [number, number];
  const [itemCount, drawCount] = [items.shape[0]!, drawn.shape[1]!];
  if (!Number.isInteger(poolSize) || poolSize < 1 || poolSize > drawCount) {
    throw new RangeError(
      `poolSize must be an integer from 1 to the ${drawCount} items drawn, got ${poolSize}`,
    );
  }
  if (poolSize > 1 && !noise) {
    throw new RangeError(`noise must be given to choose from ${poolSize} items`);
  }
  util.assertShapesMatch(items.shape, [itemCount, dimension], 'drawDynamic: items:');
  util.assertShapesMatch(drawn.shape, [rows, drawCount], 'drawDynamic: drawn:');
  return tidy(() => {
    const vectors = gather(items as Tensor2D, drawn as Tensor1D) as Tensor as Tensor3D;
    const scores = reshape(matMul(vectors, expandDims(hidden, 2)), [rows, drawCount]);
    const best = gather(drawn, topk(scores, poolSize).indices as Tensor1D, 1, 1);
    if (!noise) return { items: stopGradient(() => reshape(best, [rows])) };
    const places = floorDraw(noiseMatrix(noise, rows), scalar(poolSize, 'int32'));
    const picked = gather(best, places as Tensor1D, 1, 1);
    return { items: stopGradient(() => reshape(picked, noise.shape)) };
  });
}
