import type { InitialArray } from './initial-array.ts';

/** Standard deviation of initial weights, as in BERT, SASRec's PyTorch ports and RecBole. */
const deviation = 0.02;

/** Collects initial weights by name: kernels and tables from N(0, 0.02²), biases 0, scales 1. */
export interface WeightDrawer {
  readonly arrays: Record<string, InitialArray>;
  table(name: string, rows: number, columns: number): void;
  vector(name: string, size: number): void;
  /** `name.kernel` and `name.bias`; with `copies`, that many layers along a first axis. */
  linear(name: string, from: number, to: number, copies?: number): void;
  /** `name.scale` and `name.offset`. */
  norm(name: string, size: number): void;
  fill(name: string, shape: readonly number[], value: number): void;
}

export function weightDrawer(normal: () => number): WeightDrawer {
  const arrays: Record<string, InitialArray> = {};
  const add = (name: string, shape: readonly number[], value: () => number) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    arrays[name] = { shape, data: Float32Array.from({ length: size }, value) };
  };
  const drawn = () => deviation * normal();
  const fill = (name: string, shape: readonly number[], value: number) =>
    add(name, shape, () => value);
  return {
    arrays,
    fill,
    table: (name, rows, columns) => add(name, [rows, columns], drawn),
    vector: (name, size) => add(name, [size], drawn),
    linear: (name, from, to, copies) => {
      const leading = copies === undefined ? [] : [copies];
      add(`${name}.kernel`, [...leading, from, to], drawn);
      fill(`${name}.bias`, [...leading, to], 0);
    },
    norm: (name, size) => {
      fill(`${name}.scale`, [size], 1);
      fill(`${name}.offset`, [size], 0);
    },
  };
}
