import { elementTypeOf } from './element-type.ts';
import type { NamedArray, NamedArrays } from './named-array.ts';
import { type ReadInto, requireKnown, targetOf } from './read-into.ts';
import { requireWritable } from './write-safetensors.ts';

/**
 * Copies of tensors: those of the names of `into` in its arrays, as if they were read from a file.
 *
 * @throws {RangeError} if a file would refuse a tensor, there is none of a name, or an array is of another
 * shape or type; nothing is copied then
 */
export function copyTensors(
  tensors: NamedArrays,
  { into = {} }: ReadInto = {},
): Record<string, NamedArray> {
  requireWritable(tensors, {});
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => ({
    ...{ name, shape: [...shape], data },
    dtype: elementTypeOf(data),
  }));
  requireKnown(into, entries);
  const targets = entries.map((entry) => targetOf(into, entry));
  return Object.fromEntries(
    entries.map(({ name, shape, data }, place) => {
      targets[place]!.set(data);
      return [name, { shape, data: targets[place]! }];
    }),
  );
}
