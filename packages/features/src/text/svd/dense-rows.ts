/** A matrix `[rows, width]`, row-major. */
export interface DenseRows {
  readonly width: number;
  readonly data: Float32Array;
}

/** Rows in work at a time: four independent sums keep the processor's adders busy. */
const lanes = 4;

/** `denseᵀ · dense`: `[width, width]`, of which only the lower triangle is filled. Float64. */
export function gram({ width, data }: DenseRows): Float64Array {
  const products = new Float64Array(width * width);
  const block = new Float64Array(lanes * width);
  for (let from = 0; from < data.length; from += block.length) {
    load(data, from, block);
    const [b, c, d] = [width, 2 * width, 3 * width];
    for (let row = 0; row < width; row++) {
      const first = block[row]!;
      const second = block[b + row]!;
      const third = block[c + row]!;
      const fourth = block[d + row]!;
      const target = row * width;
      for (let column = 0; column <= row; column++) {
        products[target + column]! +=
          first * block[column]! +
          second * block[b + column]! +
          third * block[c + column]! +
          fourth * block[d + column]!;
      }
    }
  }
  return products;
}

/**
 * `dense · mapᵀ` into `result`: `[rows, map.length / width]`, which may lie at the start of
 * `dense.data` if its rows are no longer than those of `dense`.
 *
 * @param map `[columns of the result, width]`, row-major
 * @param options.isLower whether all above the diagonal of `map` is zero
 */
export function mapRows(
  { width, data }: DenseRows,
  map: Float64Array,
  result: Float32Array,
  { isLower = false }: { readonly isLower?: boolean } = {},
): void {
  const resultWidth = map.length / width;
  const block = new Float64Array(lanes * width);
  const mapped = new Float64Array(lanes * resultWidth);
  const [b, c, d] = [width, 2 * width, 3 * width];
  for (let from = 0; from < data.length; from += block.length) {
    load(data, from, block);
    for (let column = 0; column < resultWidth; column++) {
      const row = column * width;
      const end = isLower ? column + 1 : width;
      let [first, second, third, fourth] = [0, 0, 0, 0];
      for (let axis = 0; axis < end; axis++) {
        const factor = map[row + axis]!;
        first += factor * block[axis]!;
        second += factor * block[b + axis]!;
        third += factor * block[c + axis]!;
        fourth += factor * block[d + axis]!;
      }
      mapped[column] = first;
      mapped[resultWidth + column] = second;
      mapped[2 * resultWidth + column] = third;
      mapped[3 * resultWidth + column] = fourth;
    }
    const target = (from / width) * resultWidth;
    result.set(mapped.subarray(0, result.length - target), target);
  }
}

/** Rows beyond the end are zero. */
function load(data: Float32Array, from: number, block: Float64Array): void {
  const part = data.subarray(from, from + block.length);
  block.set(part);
  block.fill(0, part.length);
}
