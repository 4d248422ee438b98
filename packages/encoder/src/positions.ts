import { lookup } from '@rodpo/ops';
import { add, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import type { PackedTokens } from './sequence-encoder.ts';

/**
 * - `learned`: a vector for each place in a sequence.
 * - `intervals`: that, plus a vector for each bucket of the time since the item before.
 */
export type Positions = 'learned' | 'intervals';

/**
 * What is added to the vector of each token's item: `[tokens, dimension]`.
 *
 * @param weight finds the tables `positions` `[maxLength, dimension]` and, with intervals,
 *   `intervals` `[intervalCount, dimension]`
 * @throws {TypeError} if intervals are to be read, but the tokens have none
 */
export function positionVectors(
  tokens: Pick<PackedTokens, 'positions' | 'intervals'>,
  weight: (name: string) => Tensor,
  kind: Positions = 'learned',
): Tensor2D {
  const { positions, intervals } = tokens;
  if (kind === 'learned') return lookup(weight('positions'), positions);
  if (!intervals) {
    throw new TypeError(
      'The encoder reads intervals, but the tokens have none. Add what intervalBuckets makes, or ' +
        "set positions to 'learned'.",
    );
  }
  return tidy(() =>
    add<Tensor2D>(lookup(weight('positions'), positions), lookup(weight('intervals'), intervals)),
  );
}
