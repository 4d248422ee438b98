import { actionable, quote } from '@rodpo/errors';
import { type Bundle, isItem } from './bundle.ts';
import { format, type Manifest, wrongField } from './manifest.ts';

/** What a manifest says before there are files. */
export function headOf({ model, settings, metrics }: Bundle): Omit<Manifest, 'files' | 'index'> {
  return { kind: 'bundle', format, model, ...settings, metrics };
}

/**
 * That a bundle can be opened again once it is written, as far as can be told before.
 *
 * @throws {RangeError} (marked as actionable)
 */
export function requireWritable(bundle: Bundle): void {
  const { settings, vectors, counts, items, newItems } = bundle;
  const { itemCount, width, modalities } = settings;
  if (itemCount === 0) refuse('There are no items. A bundle needs one that it can recommend.');
  requireFields({ ...headOf(bundle), files: [] });
  if ((newItems === undefined) !== (modalities === undefined)) {
    refuse(
      'newItems and settings.modalities belong together: pass both of exportEncoder on, or neither',
    );
  }
  requireArray('vectors', vectors, { kind: Float32Array, length: itemCount * width });
  requireArray('counts', counts, { kind: Int32Array, length: itemCount });
  requireArray('items', items, { kind: Array, length: itemCount });
  const wrong = items.findIndex((item) => !isItem(item));
  if (wrong >= 0) {
    const id: unknown = items[wrong]?.id;
    refuse(
      `items[${wrong}].id must be a string, got ${shown(id)}. Ids are text, also if they are digits.`,
    );
  }
  if (new Set(items.map(({ id }) => id)).size < itemCount) {
    refuse('two items have one id: ids must differ');
  }
  if (vectors.every(Number.isFinite)) return;
  refuse('Item vectors are not numbers: training has diverged. Train again.');
}

/** The very check that a manifest is read with. @throws {RangeError} (marked as actionable) */
export function requireFields(manifest: Manifest): void {
  const wrong = wrongField({ ...manifest });
  if (wrong === undefined) return;
  const { name, expected } = wrong;
  const got = shown(manifest[name as keyof Manifest]);
  refuse(`${name} must be ${expected}; got ${got}. No bundle with it could be opened.`);
}

function requireArray(
  name: string,
  given: { readonly length: number },
  { kind, length }: { readonly kind: new () => object; readonly length: number },
): void {
  if (!(given instanceof kind)) {
    refuse(`${name} must be of type ${kind.name}, got ${Object.prototype.toString.call(given)}`);
  }
  if (given.length !== length) refuse(`${name} must hold ${length}, got ${given.length}`);
}

function refuse(message: string): never {
  throw actionable(new RangeError(message));
}

function shown(value: unknown): string {
  if (typeof value !== 'object') return typeof value === 'string' ? quote(value) : `${value}`;
  return quote(JSON.stringify(value, (_, part) => (isNoNumber(part) ? `${part}` : part)));
}

/** JSON has no word for these, and would say that null came. */
const isNoNumber = (value: unknown) => typeof value === 'number' && !Number.isFinite(value);
