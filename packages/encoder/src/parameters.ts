import type { Tensor } from '@tensorflow/tfjs-core';
import type { PackedTokens, Parameters } from './sequence-encoder.ts';

export type ParameterFinder = (name: string) => Tensor;

/** Finds parameters whose names start with `prefix` by the rest of their names. */
export function parameterFinder(parameters: Parameters, prefix = ''): ParameterFinder {
  return (name) => {
    const parameter = parameters[prefix + name];
    if (parameter) return parameter;
    throw new TypeError(
      `Parameter '${prefix}${name}' is missing. Make the parameters with the encoder's ` +
        'initialize, and encode with the same settings.',
    );
  };
}

/**
 * @throws {TypeError} if the token arrays differ in length
 * @throws {RangeError} if `rowLength` does not divide it
 */
export function checkTokens(tokens: PackedTokens, rowLength: number): void {
  const { items, positions, segments, intervals, times } = tokens;
  const arrays = {
    ...{ items, positions, segments },
    ...(intervals && { intervals }),
    ...(times && { times }),
  };
  const sizes = Object.values(arrays).map(({ size }) => size);
  if (new Set(sizes).size > 1) {
    const names = Object.keys(arrays);
    throw new TypeError(
      `${names.slice(0, -1).join(', ')} and ${names.at(-1)} must have one length, ` +
        `got ${sizes.join(', ')}`,
    );
  }
  if (!Number.isInteger(items.size / rowLength) || rowLength < 1) {
    throw new RangeError(`rowLength must divide the ${items.size} tokens, got ${rowLength}`);
  }
}
