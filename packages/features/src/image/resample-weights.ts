import type { Resample } from './preprocessing.ts';

/** How each output position of one axis is mixed from input positions, in fixed point. */
export interface AxisWeights {
  /** `[outputs]`: the first input position. */
  readonly first: Int32Array;
  /** `[outputs]`: how many input positions count. */
  readonly count: Int32Array;
  /** `[outputs, stride]`, in units of `2 ** -weightBits`. */
  readonly weights: Int32Array;
  readonly stride: number;
}

export interface AxisRange {
  /** Length of the axis before and after resizing. */
  readonly inputLength: number;
  readonly outputLength: number;
  /** The outputs that are wanted: `start` to `end` (exclusive). */
  readonly start: number;
  readonly end: number;
}

/** Leaves a sum of products with 8-bit values room in 32 bits, overshoot and sign included. */
export const weightBits = 22;

interface Filter {
  /** Half its width at scale 1. */
  readonly support: number;
  readonly at: (x: number) => number;
}

const filters: Readonly<Record<Exclude<Resample, 'nearest'>, Filter>> = {
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, at: (x) => cubic(Math.abs(x)) },
  lanczos: { support: 3, at: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/**
 * Pillow's weights for one axis. A reducing filter is as much wider as the image gets smaller.
 *
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 * `precompute_coeffs`, `normalize_coeffs_8bpc`
 */
export function resampleWeights(range: AxisRange, resample: Resample): AxisWeights {
  if (resample === 'nearest') return nearestWeights(range);
  const { inputLength, outputLength, start, end } = range;
  const filter = filters[resample];
  const scale = inputLength / outputLength;
  const filterScale = Math.max(scale, 1);
  const support = filter.support * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(end - start);
  const count = new Int32Array(end - start);
  const weights = new Int32Array((end - start) * stride);

  for (let output = 0; output < end - start; output++) {
    const centre = (start + output + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(inputLength, Math.trunc(centre + support + 0.5));
    const exact = Array.from({ length: to - from }, (_, tap) =>
      filter.at((tap + from - centre + 0.5) * (1 / filterScale)),
    );
    weights.set(inFixedPoint(exact), output * stride);
    first[output] = from;
    count[output] = to - from;
  }
  return { first, count, weights, stride };
}

/** Steps are added up, not multiplied, because Pillow's rounding shows in large images. */
function nearestWeights({ inputLength, outputLength, start, end }: AxisRange): AxisWeights {
  const first = new Int32Array(end - start);
  const step = inputLength / outputLength;
  let position = step * 0.5;
  for (let output = 0; output < end; output++, position += step) {
    if (output >= start) first[output - start] = Math.min(inputLength - 1, Math.trunc(position));
  }
  const weights = new Int32Array(end - start).fill(2 ** weightBits);
  return { first, count: new Int32Array(end - start).fill(1), weights, stride: 1 };
}

/** Makes the sum one, then rounds half away from zero. */
function inFixedPoint(exact: readonly number[]): number[] {
  let sum = 0;
  for (const weight of exact) sum += weight;
  return exact.map((weight) => {
    const fixed = (sum === 0 ? weight : weight / sum) * 2 ** weightBits;
    return Math.trunc(fixed + (fixed < 0 ? -0.5 : 0.5));
  });
}

/** Keys' cubic convolution with a = -1/2. */
function cubic(x: number): number {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}
