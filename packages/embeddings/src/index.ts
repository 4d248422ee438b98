export {
  type EmbeddingTable,
  type EmbeddingTableOptions,
  embeddingTable,
} from './embedding-table.ts';
export type { SparseAdamOptions } from './optimisers/lazy-adam.ts';
export type { RowOptimiser, RowUpdateOptions } from './optimisers/row-optimiser.ts';
export { type SparseAdaGradOptions, sparseAdaGrad } from './optimisers/sparse-ada-grad.ts';
export { sparseAdam } from './optimisers/sparse-adam.ts';
export { type SparseAdamWOptions, sparseAdamW } from './optimisers/sparse-adam-w.ts';
