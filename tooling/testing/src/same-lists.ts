interface List {
  readonly length: number;
  at(index: number): unknown;
}

/** A list that is no array of the language: what is in it decides, and not how it is kept. */
function isOwnList(value: unknown): value is List {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { length, at } = value as Partial<List>;
  return typeof length === 'number' && typeof at === 'function' && !ArrayBuffer.isView(value);
}

/**
 * Lets `toEqual` hold lists of our own, such as the sequences of a dataset, against arrays and one
 * another: undefined for all else.
 */
export function sameLists(
  this: { equals(a: unknown, b: unknown): boolean },
  left: unknown,
  right: unknown,
): boolean | undefined {
  const isOwn = isOwnList(left) || isOwnList(right);
  const areLists = [left, right].every((value) => isOwnList(value) || Array.isArray(value));
  if (!isOwn || !areLists) return undefined;
  return this.equals(valuesOf(left as List), valuesOf(right as List));
}

const valuesOf = (list: List) => Array.from({ length: list.length }, (_, index) => list.at(index));
