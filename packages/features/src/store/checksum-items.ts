import { createHash } from 'node:crypto';
import { quote } from '@rodpo/errors';
import { isJsonObject, sha256Of } from '@rodpo/files';
import type { Item } from '../item.ts';

/**
 * Tells whether items are the same ones, by their ids and inputs. Of a path or an address, it is
 * the path that counts and not what the file holds.
 *
 * @returns sha-256 in hexadecimal
 * @throws {TypeError} if an input is neither JSON nor bytes, nor made of these
 */
export function checksumItems(items: readonly Item<unknown>[]): string {
  const hash = createHash('sha256');
  for (const { id, input } of items) hash.update(`${JSON.stringify(id)}${describe(id, input)}\n`);
  return hash.digest('hex');
}

/** JSON with sorted names. Bytes stand as `<digest>`, and no input as nothing: JSON has neither. */
function describe(id: string, input: unknown): string {
  if (input === undefined) return '';
  if (Array.isArray(input)) return `[${input.map((part) => describe(id, part)).join()}]`;
  if (ArrayBuffer.isView(input)) {
    const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    return `<${sha256Of(bytes)}>`;
  }
  if (isJsonObject(input) && isPlain(input)) {
    const names = Object.keys(input).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${describe(id, input[name])}`).join()}}`;
  }
  if (input === null || ['string', 'number', 'boolean'].includes(typeof input)) {
    return JSON.stringify(input);
  }
  throw new TypeError(
    `The input of item ${quote(id)} must be made of strings, numbers, lists, plain objects and bytes, ` +
      `so that a change of the catalogue is noticed; got ${Object.prototype.toString.call(input)}`,
  );
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null;
}
