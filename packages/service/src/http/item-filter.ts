import type { ItemFilter } from '@rodpo/serving';

type Scalar = string | number | boolean;

/** What an attribute must be: a value, one of several, or within a range (both ends belong to it). */
export type Condition =
  | Scalar
  | readonly Scalar[]
  | { readonly from?: number | undefined; readonly to?: number | undefined };

/** A filter as plain data: an item passes if all of it holds. */
export interface ItemFilterBody {
  readonly ids?: readonly string[] | undefined;
  readonly attributes?: Readonly<Record<string, Condition>> | undefined;
}

/** A filter as the bundle takes it. */
export function itemFilter({ ids, attributes = {} }: ItemFilterBody): ItemFilter {
  const conditions = Object.entries(attributes).map(
    ([name, condition]) => [name, testOf(condition)] as const,
  );
  if (conditions.length === 0) return ids ?? (() => true);
  const allowed = ids && new Set(ids);
  return (item) =>
    (!allowed || allowed.has(item.id)) &&
    conditions.every(([name, test]) => fits(item.attributes?.[name], test));
}

type Test = (value: unknown) => boolean;

/** Made once of each condition: a list may be as long as the catalogue, all of which is asked about. */
function testOf(condition: Condition): Test {
  if (Array.isArray(condition)) {
    const allowed = new Set<unknown>(condition);
    return (value) => allowed.has(value);
  }
  if (typeof condition !== 'object') return (value) => value === condition;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = condition as Range;
  return (value) => typeof value === 'number' && value >= from && value <= to;
}

/** Of an attribute that is a list, one value must fit. */
const fits = (value: unknown, test: Test): boolean =>
  Array.isArray(value) ? value.some((part) => fits(part, test)) : test(value);

type Range = { readonly from?: number; readonly to?: number };
