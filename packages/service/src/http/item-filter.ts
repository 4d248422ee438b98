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
  const conditions = Object.entries(attributes);
  if (conditions.length === 0) return ids ?? (() => true);
  const allowed = ids && new Set(ids);
  return (item) =>
    (!allowed || allowed.has(item.id)) &&
    conditions.every(([name, condition]) => fits(item.attributes?.[name], condition));
}

/** Of an attribute that is a list, one value must fit. */
function fits(value: unknown, condition: Condition): boolean {
  if (Array.isArray(value)) return value.some((part) => fits(part, condition));
  if (Array.isArray(condition)) return condition.includes(value as Scalar);
  if (typeof condition !== 'object') return value === condition;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = condition as Range;
  return typeof value === 'number' && value >= from && value <= to;
}

type Range = { readonly from?: number; readonly to?: number };
