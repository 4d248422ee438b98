import { dropout, layerNorm } from '@rodpo/ops';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { type BlockContext, encoderBlock } from '../encoder-block.ts';
import type { ParameterFinder } from '../parameters.ts';
import type { FilledHm4sr } from './settings.ts';

/** Layer norm, dropout and post-LN blocks of one stream `[tokens, dimension]`. */
export function streamTower(
  stream: Tensor2D,
  weight: ParameterFinder,
  { blockCount, headCount }: FilledHm4sr,
  context: BlockContext,
): Tensor2D {
  const normed = layerNorm(stream, weight('norm.scale'), weight('norm.offset'));
  let vectors: Tensor = dropout(normed, context.dropout, context.uniform);
  for (let block = 0; block < blockCount; block++) {
    const inBlock = (name: string) => weight(`block${block}.${name}`);
    vectors = encoderBlock(vectors as Tensor2D, inBlock, { headCount }, context).vectors;
  }
  return vectors as Tensor2D;
}
