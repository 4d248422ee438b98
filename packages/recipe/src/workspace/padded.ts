/** `length` numbers from `begin` on: a view, or a copy that ends in zeros where there are fewer. */
export function padded(values: Float32Array, begin: number, length: number): Float32Array {
  const part = values.subarray(begin, begin + length);
  if (part.length === length) return part;
  const filled = new Float32Array(length);
  filled.set(part);
  return filled;
}
