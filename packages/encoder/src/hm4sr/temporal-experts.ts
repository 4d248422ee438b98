import { lookup, splitEvenly } from '@rodpo/ops';
import {
  add,
  concat,
  cos,
  matMul,
  mul,
  reshape,
  softmax,
  type Tensor2D,
  tensor1d,
} from '@tensorflow/tfjs-core';
import type { ParameterFinder } from '../parameters.ts';
import type { PackedTokens } from '../sequence-encoder.ts';

/**
 * When each token was, `[tokens, 2 · dimension]`: a learned vector of the time since the item
 * before, and cosines of the time itself, whose phases are `(time · kernel + bias) · 10000^(−j /
 * dimension)` in column `j`.
 *
 * @throws {TypeError} if the tokens have no intervals or no times
 */
export function timeEmbedding(
  { intervals, times }: PackedTokens,
  weight: ParameterFinder,
): Tensor2D {
  if (!intervals || !times) {
    throw new TypeError(
      'The encoder reads times, but the tokens have no intervals or no times. Add both, or set ' +
        'temporal to null.',
    );
  }
  const kernel = weight('temporal.absolute.kernel') as Tensor2D;
  const dimension = kernel.shape[1];
  const slowing = Float32Array.from({ length: dimension }, (_, j) => 10000 ** (-j / dimension));
  const column = reshape(times, [-1, 1]) as Tensor2D;
  const phases = add(mul(column, kernel), weight('temporal.absolute.bias'));
  const absolute = cos(mul(phases, tensor1d(slowing))) as Tensor2D;
  return concat([lookup(weight('temporal.intervals'), intervals), absolute], 1);
}

/**
 * HM4SR's second level: each stream `[tokens, dimension]` times a mixture of vectors, element by
 * element. One router, that looks at the time alone, mixes for all streams.
 *
 * In HM4SR these vectors are never trained, since its optimiser does not know them.
 *
 * @param time as `timeEmbedding` makes it
 */
export function temporalExperts(
  streams: readonly Tensor2D[],
  time: Tensor2D,
  weight: ParameterFinder,
): Tensor2D[] {
  const kernel = weight('temporal.router.kernel') as Tensor2D;
  const gates = softmax(add(matMul(time, kernel), weight('temporal.router.bias'))) as Tensor2D;
  const factors = matMul(gates, weight('temporal.experts') as Tensor2D);
  const ofStreams = splitEvenly(factors, streams.length, 1);
  return streams.map((stream, index) => mul(stream, ofStreams[index]!));
}
