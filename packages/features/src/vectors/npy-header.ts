import type { FileHandle } from 'node:fs/promises';
import { quote } from '@rodpo/errors';
import { elementTypes, type NpyElement } from './npy-element.ts';
import { readExactly } from './read-exactly.ts';
import { VectorFileError } from './vector-file-error.ts';

export interface NpyHeader {
  readonly element: NpyElement;
  /** The first axis varies fastest, instead of the last. */
  readonly isFortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the values begin, in bytes. */
  readonly offset: number;
}

const magic = Buffer.from('\x93NUMPY', 'latin1');
/** What NumPy itself reads of a file it does not trust. */
const maximumHeaderBytes = 10_000;
/** NumPy leaves room for a first axis of this many digits, to let it grow in place. */
const growthDigits = 21;
const alignment = 64;

/**
 * Reads the header of a `.npy` file, and checks that the file is as long as it says.
 *
 * @throws {VectorFileError} if it is not a `.npy` file of version 1.0, 2.0 or 3.0, its header is
 * damaged, its element type is not read, or bytes are missing or left over
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function readNpyHeader(file: string, handle: FileHandle): Promise<NpyHeader> {
  const start = Buffer.alloc(8);
  await readExactly(file, handle, { into: start, position: 0 });
  if (!start.subarray(0, 6).equals(magic)) {
    throw new VectorFileError(file, `not a .npy file: it begins with ${start.toString('hex')}`);
  }
  const version = `${start[6]}.${start[7]}`;
  if (!['1.0', '2.0', '3.0'].includes(version)) {
    throw new VectorFileError(file, `.npy version ${version}; read are 1.0, 2.0 and 3.0`);
  }
  const length = Buffer.alloc(version === '1.0' ? 2 : 4);
  await readExactly(file, handle, { into: length, position: 8 });
  const headerBytes = length.readUIntLE(0, length.length);
  if (headerBytes > maximumHeaderBytes) {
    throw new VectorFileError(
      file,
      `a header of ${headerBytes} bytes; at most ${maximumHeaderBytes} are read`,
    );
  }
  const text = Buffer.alloc(headerBytes);
  await readExactly(file, handle, { into: text, position: 8 + length.length });
  const offset = 8 + length.length + headerBytes;
  const header = {
    ...parseHeader(file, text.toString(version === '3.0' ? 'utf8' : 'latin1')),
    offset,
  };
  checkLength(file, header, (await handle.stat()).size);
  return header;
}

/** One entry of the Python dictionary: a key, then a string, a truth value, a tuple or a list. */
const entryPattern =
  /\s*['"](\w+)['"]\s*:\s*(['"][^'"]*['"]|True|False|\([^()]*\)|\[.*\])\s*(?:,|$)/y;

function parseHeader(file: string, text: string): Omit<NpyHeader, 'offset'> {
  const malformed = () => new VectorFileError(file, `malformed header ${quote(text)}`);
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]?.trimEnd();
  if (inner === undefined) throw malformed();
  const entries = new Map<string, string>();
  entryPattern.lastIndex = 0;
  let end = 0;
  for (let found = entryPattern.exec(inner); found; found = entryPattern.exec(inner)) {
    entries.set(found[1]!, found[2]!);
    end = entryPattern.lastIndex;
  }
  const descr = entries.get('descr');
  const order = entries.get('fortran_order');
  const shape = parseShape(entries.get('shape'));
  const isComplete = end === inner.length && entries.size === 3;
  if (!isComplete || !descr || !/^(True|False)$/.test(order ?? '') || !shape) throw malformed();

  const element = elementTypes.get(descr.slice(1, -1));
  if (!element) {
    const read = [...elementTypes.keys()].join(', ');
    throw new VectorFileError(
      file,
      `values of type ${quote(descr.replace(/^'|'$/g, ''))}; read are ${read}`,
    );
  }
  const isFortranOrder = order === 'True';
  if (isFortranOrder && shape.length > 2) {
    throw new VectorFileError(
      file,
      `Fortran order with ${shape.length} axes; it is read with up to 2. Save it in C order.`,
    );
  }
  return { element, isFortranOrder, shape };
}

/** `()`, `(3,)`, `(3, 4)`; Python 2 wrote `(3L, 4L)`. */
function parseShape(text: string | undefined): number[] | undefined {
  if (text === undefined || !/^\(\s*(\d+L?\s*,\s*)*(\d+L?\s*)?\)$/.test(text)) return undefined;
  if (/^\(\s*\d+L?\s*\)$/.test(text)) return undefined; // a number in brackets is no tuple
  return [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}

function checkLength(file: string, { element, shape, offset }: NpyHeader, fileBytes: number): void {
  const expected = offset + sizeOf(shape) * element.bytes;
  if (fileBytes === expected) return;
  throw new VectorFileError(
    file,
    `shape [${shape.join(', ')}] needs ${expected} bytes, the file has ${fileBytes}: ` +
      (fileBytes < expected ? 'it is cut short' : 'there is more in it than one array'),
  );
}

/** How many values an array of this shape has: 1 for `[]`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The bytes before the values of a version 1.0 file in C order, as `numpy.save` writes them. */
export function formatNpyHeader(descr: string, shape: readonly number[]): Buffer {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const growth = shape.length === 0 ? 0 : Math.max(0, growthDigits - String(shape[0]).length);
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefixBytes = magic.length + 4;
  const used = prefixBytes + dictionary.length + growth + 1;
  const padding = growth + ((alignment - (used % alignment)) % alignment);
  const header = Buffer.from(`${dictionary}${' '.repeat(padding)}\n`, 'latin1');
  const prefix = Buffer.concat([magic, Buffer.of(1, 0, 0, 0)]);
  prefix.writeUInt16LE(header.length, magic.length + 2);
  return Buffer.concat([prefix, header]);
}
