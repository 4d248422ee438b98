import { readFileSync } from 'node:fs';
import type { NamedArray } from '@rodpo/files';

type Named = Readonly<Record<string, number[]>>;

export interface GoldenRun {
  readonly name: 'adam' | 'adamW' | 'sgd' | 'optimiser';
  readonly options: Readonly<Record<string, unknown>> & {
    readonly excluded?: readonly string[];
    readonly cosine?: { readonly warmUpSteps: number; readonly totalSteps: number };
  };
  readonly float32: GoldenValues;
  readonly float64: GoldenValues;
}

interface GoldenValues {
  /** By the number of steps done. */
  readonly parameters: Readonly<Record<string, Named>>;
  readonly norms?: number[];
  readonly averages?: Named;
}

interface Golden {
  readonly starts: Readonly<Record<string, number | number[] | number[][]>>;
  readonly runs: GoldenRun[];
  readonly schedules: readonly {
    readonly kind: 'constant' | 'linear' | 'cosine';
    readonly options: { readonly learningRate: number; readonly totalSteps: number };
    readonly steps: number[];
    readonly rates: number[];
  }[];
  readonly averages: readonly {
    readonly options: { readonly decay: number };
    readonly weights: number[];
    readonly averages: number[];
  }[];
  readonly accumulation: {
    readonly x: number[][];
    readonly y: number[];
    readonly whole: { readonly weights: number[]; readonly bias: number[] };
    readonly parts: { readonly weights: number[]; readonly bias: number[] };
  };
}

/** What torch, transformers and timm compute; bench/peers/optim_torch.py made the file. */
export const golden: Golden = JSON.parse(
  readFileSync(new URL('golden/optim.json', import.meta.url), 'utf8'),
);

export const steps = 50;

function arrayOf(start: number | number[] | number[][]): NamedArray {
  const rows = Array.isArray(start) ? start : [start];
  const shape = !Array.isArray(start)
    ? []
    : Array.isArray(start[0])
      ? [start.length, start[0].length]
      : [start.length];
  return { shape, data: Float32Array.from(rows.flat()) };
}

/** The parameters before the first step. */
export const starts: Readonly<Record<string, NamedArray>> = Object.fromEntries(
  Object.entries(golden.starts).map(([name, start]) => [name, arrayOf(start)]),
);

/** The gradients of a step from 1, as the script makes them: exact multiples of 1/256. */
export function gradientsOf(step: number): Record<string, Float32Array> {
  let element = 0;
  const gradients = Object.entries(starts).map(([name, { data }]) => {
    const values = Float32Array.from(data, () => {
      return (((7919 * element++ + 104729 * step) % 1009) - 504) / 256;
    });
    return [name, values] as const;
  });
  return Object.fromEntries(gradients);
}
