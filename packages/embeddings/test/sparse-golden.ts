import { readFileSync } from 'node:fs';
import { type EmbeddingTable, embeddingTable } from '@rodpo/embeddings';

interface GoldenRun {
  readonly name: 'sparseAdam' | 'sparseAdamW' | 'sparseAdaGrad';
  readonly options: Readonly<Record<string, number | boolean | string>>;
  /** The table's values, by the number of steps done. */
  readonly float32: Readonly<Record<string, number[]>>;
  readonly float64: Readonly<Record<string, number[]>>;
}

/** What torch and torchrec compute; bench/peers/sparse_optim_torch.py made the file. */
export const golden: {
  readonly rows: number;
  readonly width: number;
  /** The rows that each step from 1 touches. */
  readonly touched: Readonly<Record<string, number[]>>;
  readonly runs: readonly GoldenRun[];
} = JSON.parse(readFileSync(new URL('golden/sparse-optim.json', import.meta.url), 'utf8'));

export const steps = 50;
export const { rows, width } = golden;

/** The table before the first step, as the script makes it. */
export function startTable(): EmbeddingTable {
  const table = embeddingTable({ rows, width });
  for (let i = 0; i < rows * width; i++) table.values[i] = (((31 * i) % 23) - 11) / 16;
  return table;
}

/** A gradient of each of these rows, as the script makes it: exact multiples of 1/256. */
export function gradientsOf(step: number, indices: ArrayLike<number>): Float32Array {
  const gradients = new Float32Array(indices.length * width);
  return gradients.map((_, n) => {
    const element = indices[Math.floor(n / width)]! * width + (n % width);
    return (((7919 * element + 104729 * step) % 1009) - 504) / 256;
  });
}
