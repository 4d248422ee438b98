export { dropout, dropoutMask, type Uniform } from './dropout.ts';
export { embeddingBag } from './embedding-bag.ts';
export { gelu, unscaledGelu } from './gelu.ts';
export { layerNorm } from './layer-norm.ts';
export { logSumExp } from './log-sum-exp.ts';
export { lookup } from './lookup.ts';
export type { Scan, ScanBody, ScanResult } from './scan.ts';
export { splitEvenly } from './split-evenly.ts';
export { stopGradient } from './stop-gradient.ts';
