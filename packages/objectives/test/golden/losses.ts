import { readFileSync } from 'node:fs';

interface Pair {
  readonly chosen: number[];
  readonly rejected: number[];
}

interface Losses {
  readonly dpo: {
    readonly beta: number;
    readonly weights: number[] | null;
    readonly policy: Pair;
    readonly reference: Pair;
    readonly margin: number[];
    readonly loss: number;
    readonly gradients: Pair;
  }[];
  readonly crossEntropy: {
    readonly weights: number[];
    readonly targets: number[];
    readonly hidden: number[][];
    readonly items: number[][];
    readonly loss: number;
    readonly gradients: { readonly hidden: number[][]; readonly items: number[][] };
  }[];
}

/** What PyTorch computes; `losses.py` made the file. */
export const golden: Losses = JSON.parse(
  readFileSync(new URL('losses.json', import.meta.url), 'utf8'),
);
