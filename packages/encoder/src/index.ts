export {
  type AttentionOptions,
  type AttentionWeights,
  causalSegmentMask,
  selfAttention,
} from './attention.ts';
export { dropout, type Uniform } from './dropout.ts';
export { type FeedForwardWeights, feedForward } from './feed-forward.ts';
export { gelu } from './gelu.ts';
export { type InitialArray, initSasrec, type SasrecShape } from './init-sasrec.ts';
export { layerNorm } from './layer-norm.ts';
export { lookup, scoreItems } from './lookup.ts';
export {
  type EncodeOptions,
  encodeSequences,
  type PackedTokens,
  type Parameters,
} from './sasrec.ts';
