export type { NegativeSampler, SamplingQuery, UniformRandom } from './negative-sampler.ts';
export { PoolTooSmallError } from './pool-too-small-error.ts';
export { type TopKPoolOptions, topKPool } from './top-k-pool.ts';
