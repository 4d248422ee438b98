import { type StepContext, scan } from '@rodpo/compile';
import {
  drawFromPool,
  drawInBatch,
  drawUniform,
  drawWeighted,
  topItems,
} from '@rodpo/samplers/tfjs';
import { equal, type Tensor, tensor1d, where } from '@tensorflow/tfjs-core';
import type { AlignSettings } from '../align-settings.ts';
import type { EncodedBatch } from './encoded-batch.ts';

export interface DrawContext {
  readonly strategy: AlignSettings;
  readonly itemCount: number;
  /** Running totals of the items' weights, for negatives by popularity. */
  readonly popularity?: Int32Array;
  /** Tokens whose catalogue scores exist at a time. */
  readonly blockSize: number;
  readonly inputs: StepContext['inputs'];
  readonly uniform: StepContext['uniform'];
}

export interface Negatives {
  /** `[tokens]`, or `[tokens, count]` for several per token; int32. */
  readonly items: Tensor;
  /** `[tokens]`: 0 where there was nothing to draw. Absent if there always is something. */
  readonly valid?: Tensor;
}

/** The rejected items of every token, from where the strategy takes them. */
export function drawNegatives(
  models: { readonly policy: EncodedBatch; readonly reference: EncodedBatch },
  context: DrawContext,
): Negatives {
  const { strategy, itemCount, popularity, blockSize, inputs, uniform } = context;
  const { negatives, count } = strategy;
  const excluded = inputs.excluded!;
  const tokens = excluded.shape[0]!;
  const noise = uniform(count === 1 ? [tokens] : [tokens, count]);
  switch (negatives.from) {
    case 'catalogue':
      return drawUniform(excluded, noise, itemCount);
    case 'popularity':
      return drawWeighted(excluded, noise, tensor1d(popularity!, 'int32'));
    case 'batch':
      return drawInBatch(chosenItems(inputs), noise, { excluded });
    case 'pool': {
      // So many that the pool is full when every excluded item is among them.
      const candidateCount = Math.min(negatives.size + excluded.shape[1]!, itemCount);
      const { hidden, items } = models[negatives.scoredBy];
      const candidates = topItems(hidden, items, { count: candidateCount, blockSize, scan });
      return drawFromPool(candidates, excluded, noise, { poolSize: negatives.size });
    }
  }
}

/** −1 where padding has no item: else the whole batch would reject what padding happens to hold. */
function chosenItems({ targets, segments }: StepContext['inputs']): Tensor {
  const isPadding = equal(segments!, 0);
  return where(isPadding, tensor1d(new Int32Array(targets!.size).fill(-1), 'int32'), targets!);
}
