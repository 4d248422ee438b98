export { drawFromPool } from './tfjs/draw-from-pool.ts';
export { drawUniform } from './tfjs/draw-uniform.ts';
export { type Scan, type TopItemsOptions, topItems } from './tfjs/top-items.ts';
