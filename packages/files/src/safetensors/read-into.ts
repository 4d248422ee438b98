import { arrayOf, type ElementType } from './element-type.ts';
import { elementCount } from './header.ts';
import type { NamedArray, NamedArrays } from './named-array.ts';

export interface ReadInto {
  /**
   * Arrays that tensors of these names are read into, of their shape and type, such as those of a table in
   * shared memory: nothing is held twice. Default: a new array for each tensor.
   */
  readonly into?: NamedArrays;
}

interface Entry {
  readonly name: string;
  readonly dtype: Exclude<ElementType, 'F64'>;
  readonly shape: readonly number[];
}

/** @throws {RangeError} if there is no tensor of a name */
export function requireKnown(
  into: NamedArrays,
  entries: readonly { readonly name: string }[],
): void {
  const names = new Set(entries.map(({ name }) => name));
  for (const name of Object.keys(into)) {
    if (!names.has(name))
      throw new RangeError(`There is no tensor '${name}' to read into an array.`);
  }
}

/**
 * Where a tensor's numbers go.
 *
 * @throws {RangeError} if the array given is of another shape or type
 */
export function targetOf(into: NamedArrays, { name, dtype, shape }: Entry): NamedArray['data'] {
  const kind = arrayOf[dtype];
  if (!Object.hasOwn(into, name)) return new kind(elementCount(shape));
  const given = into[name]!;
  const fits = `${given.shape}` === `${shape}` && given.data.length === elementCount(shape);
  if (fits && given.data instanceof kind) return given.data;
  const found = `${given.data.constructor.name} of shape [${given.shape}]`;
  throw new RangeError(
    `Tensor '${name}' is ${kind.name} of shape [${shape}]: it does not fit into ${found}.`,
  );
}
