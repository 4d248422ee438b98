/** The encoder of one user's sequence, in plain loops and float64: nothing is packed. */

/** Flat, row-major; names as `initialize` of the encoder gives them. */
export type Plain = Readonly<Record<string, Float64Array>>;

export interface Sizes {
  readonly dimension: number;
  readonly blockCount: number;
  readonly headCount: number;
  readonly norm: 'post' | 'pre';
}

/** What dropout multiplies by: 0, or 1 / (1 − rate). */
export interface DropoutFactors {
  embedded(place: number, column: number): number;
  share(block: number, head: number, place: number, other: number): number;
  attended(block: number, place: number, column: number): number;
  fed(block: number, place: number, column: number): number;
}

/** What the user wants after each of `items`, oldest first. */
export function encodeSequence(
  weights: Plain,
  sizes: Sizes,
  items: readonly number[],
  dropout?: DropoutFactors,
): Float64Array[] {
  const { dimension, norm } = sizes;
  const isPre = norm === 'pre';
  let vectors: Float64Array[] = items.map((item, place) => {
    const sum = Float64Array.from(
      { length: dimension },
      (_, column) =>
        weights.items![item * dimension + column]! +
        weights.positions![place * dimension + column]!,
    );
    const start = isPre ? sum : normalised(sum, weights, 'norm');
    return start.map((value, column) => value * (dropout?.embedded(place, column) ?? 1));
  });
  for (let block = 0; block < sizes.blockCount; block++) {
    vectors = afterBlock(vectors, weights, sizes, block, dropout);
  }
  return isPre ? vectors.map((vector) => normalised(vector, weights, 'norm')) : vectors;
}

function afterBlock(
  vectors: readonly Float64Array[],
  weights: Plain,
  sizes: Sizes,
  block: number,
  dropout: DropoutFactors | undefined,
): Float64Array[] {
  const name = (part: string) => `block${block}.${part}`;
  const isPre = sizes.norm === 'pre';
  const before = (layer: string, all: readonly Float64Array[]) =>
    isPre ? all.map((vector) => normalised(vector, weights, name(`${layer}.norm`))) : all;
  const after = (
    layer: string,
    old: readonly Float64Array[],
    added: readonly Float64Array[],
    keep?: (block: number, place: number, column: number) => number,
  ) =>
    old.map((vector, place) => {
      const sum = vector.map(
        (value, column) => value + added[place]![column]! * (keep?.(block, place, column) ?? 1),
      );
      return isPre ? sum : normalised(sum, weights, name(`${layer}.norm`));
    });

  const attended = attention(before('attention', vectors), weights, sizes, block, dropout);
  const middle = after('attention', vectors, attended, dropout?.attended);
  const fed = before('feedForward', middle).map((vector) => {
    const up = linear(vector, weights, name('feedForward.up'));
    return linear(up.map(gelu), weights, name('feedForward.down'));
  });
  return after('feedForward', middle, fed, dropout?.fed);
}

/** Each place attends to itself and to those before it. */
function attention(
  vectors: readonly Float64Array[],
  weights: Plain,
  { dimension, headCount }: Sizes,
  block: number,
  dropout: DropoutFactors | undefined,
): Float64Array[] {
  const size = dimension / headCount;
  const name = `block${block}.attention`;
  // Columns: queries, keys, values; in each of them head after head.
  const projected = vectors.map((vector) => linear(vector, weights, `${name}.projection`));
  return vectors.map((_, place) => {
    const joined = new Float64Array(dimension);
    for (let head = 0; head < headCount; head++) {
      const scores: number[] = [];
      for (let other = 0; other <= place; other++) {
        let product = 0;
        for (let column = head * size; column < (head + 1) * size; column++) {
          product += projected[place]![column]! * projected[other]![dimension + column]!;
        }
        scores.push(product / Math.sqrt(size));
      }
      const exponentials = scores.map(Math.exp);
      const total = exponentials.reduce((sum, value) => sum + value, 0);
      for (const [other, exponential] of exponentials.entries()) {
        const share = (exponential / total) * (dropout?.share(block, head, place, other) ?? 1);
        for (let column = head * size; column < (head + 1) * size; column++) {
          joined[column]! += share * projected[other]![2 * dimension + column]!;
        }
      }
    }
    return linear(joined, weights, `${name}.output`);
  });
}

function linear(vector: Float64Array, weights: Plain, name: string): Float64Array {
  const [kernel, bias] = [weights[`${name}.kernel`]!, weights[`${name}.bias`]!];
  const result = Float64Array.from(bias);
  for (let row = 0; row < vector.length; row++) {
    for (let column = 0; column < result.length; column++) {
      result[column]! += vector[row]! * kernel[row * result.length + column]!;
    }
  }
  return result;
}

function normalised(vector: Float64Array, weights: Plain, name: string): Float64Array {
  const mean = vector.reduce((sum, value) => sum + value, 0) / vector.length;
  const variance = vector.reduce((sum, value) => sum + (value - mean) ** 2, 0) / vector.length;
  const [scale, offset] = [weights[`${name}.scale`]!, weights[`${name}.offset`]!];
  return vector.map(
    (value, column) =>
      ((value - mean) / Math.sqrt(variance + 1e-12)) * scale[column]! + offset[column]!,
  );
}

function gelu(x: number): number {
  return (x * (1 + erf(x / Math.SQRT2))) / 2;
}

/** By the series 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!, whose terms have one sign. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
