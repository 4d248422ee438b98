import type { Json } from '../embedder.ts';

/** What the members of an object are called that describe one image, the best first. */
const imageNames = ['hi_res', 'large', 'url', 'src', 'path', 'medium', 'small', 'thumb'];

/** Deeper than any catalogue, and no deeper than the stack. */
const maxDepth = 8;

/**
 * The path or address of an item's first image: of a text itself, of a list the first that there
 * is, of an object its best version (`hi_res` before `large` before `thumb`). An object may hold
 * lists in step, as tables of columns do. Undefined if there is none.
 */
export function firstImage(value: Json | undefined, depth = 0): string | undefined {
  if (typeof value === 'string') return value.trim() || undefined;
  if (typeof value !== 'object' || value === null || depth > maxDepth) return undefined;
  if (Array.isArray(value)) return firstOf(value, depth);
  const members = value as Readonly<Record<string, Json>>;
  const versions = imageNames.map((name) => (Object.hasOwn(members, name) ? members[name] : null));
  const count = Math.max(1, ...versions.map((one) => (Array.isArray(one) ? one.length : 0)));
  for (let place = 0; place < count; place++) {
    const image = firstOf(
      versions.map((one) => (Array.isArray(one) ? one[place] : place === 0 ? one : null)),
      depth,
    );
    if (image !== undefined) return image;
  }
  return undefined;
}

function firstOf(values: readonly (Json | undefined)[], depth: number): string | undefined {
  for (const value of values) {
    const image = firstImage(value, depth + 1);
    if (image !== undefined) return image;
  }
  return undefined;
}

/** Whether it is an address such as `https://…`, and no path. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(text);
}

/** Whether it is a list, or an object, of nothing but addresses of images: no text to be joined. */
export function holdsAddresses(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const parts = Array.isArray(value) ? value : [value];
  const texts = parts.filter((part) => typeof part !== 'object');
  const image = firstImage(value);
  return (
    image !== undefined &&
    isAddress(image) &&
    texts.every((text) => typeof text === 'string' && isAddress(text))
  );
}
