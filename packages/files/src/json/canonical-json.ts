import { isJsonObject } from './is-json-object.ts';
import { toJson } from './to-json.ts';

/**
 * JSON whose objects have their names in one order, so that equal values give equal text, without
 * spaces: what a digest is made of, or a comparison.
 *
 * @throws {TypeError} if the value is nothing that JSON has, such as `undefined`
 */
export function canonicalJson(value: unknown): string {
  return toJson(value, { replacer: (_, part) => (isJsonObject(part) ? sorted(part) : part) });
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
  return Object.fromEntries(Object.entries(object).sort(byName));
}
