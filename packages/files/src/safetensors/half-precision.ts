/** Numbers of 16 bits, of which there are two kinds. */
export type HalfType = 'F16' | 'BF16';

export function isHalf(type: string): type is HalfType {
  return type === 'F16' || type === 'BF16';
}

/** Every number of either kind is a float32 exactly. */
export function fromHalf(type: HalfType, halves: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  const widen = type === 'F16' ? float16Bits : bfloat16Bits;
  for (let index = 0; index < halves.length; index++) bits[index] = widen(halves[index]!);
}

/** The nearest number of the kind, the even one of two; beyond the largest it is an infinity. */
export function toHalf(type: HalfType, numbers: Float32Array | Float64Array): Uint16Array {
  const single = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  const bits = new Uint32Array(single.buffer, single.byteOffset, single.length);
  return Uint16Array.from(bits, type === 'F16' ? toFloat16 : toBfloat16);
}

// float32: sign 1, exponent 8 (bias 127), fraction 23. float16: 1, 5 (bias 15), 10.
// bfloat16 is the upper half of a float32.

const infinity = 0x7f800000;
const halfInfinity = 0x7c00;
/** What an exponent of float16 lacks to be one of float32, in place. */
const rebias = (127 - 15) << 23;
/** As a float32's bits: the least number that float16 holds with all its digits. */
const leastNormal = 2 ** -14;
/** The distance between the numbers of float16 that are less. */
const leastStep = 2 ** -24;

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

function float16Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const magnitude = half & 0x7fff;
  if (magnitude >= halfInfinity) return sign | infinity | ((magnitude & 0x3ff) << 13);
  if (magnitude >= 0x400) return sign | ((magnitude << 13) + rebias);
  scratch[0] = magnitude * leastStep;
  return sign | scratchBits[0]!;
}

function bfloat16Bits(half: number): number {
  return half << 16;
}

function toFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > infinity) return sign | 0x7e00; // no number
  scratchBits[0] = magnitude;
  const value = scratch[0]!;
  if (value < leastNormal) return sign | nearestEven(value / leastStep);
  // Half of the last digit, less the bit that makes a tie go to the even one. From 65520 on, what is
  // carried into the exponent makes it that of an infinity, or more.
  const rounded = (magnitude + 0xfff + ((magnitude >>> 13) & 1) - rebias) >>> 13;
  return sign | Math.min(rounded, halfInfinity);
}

function toBfloat16(bits: number): number {
  if ((bits & 0x7fffffff) > infinity) return 0x7fc0; // no number
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function nearestEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
