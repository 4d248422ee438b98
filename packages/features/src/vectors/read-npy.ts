import { type FileHandle, open } from 'node:fs/promises';
import { actionable } from '@rodpo/errors';
import { type NpyElement, nativeFloat32 } from './npy-element.ts';
import { type NpyHeader, readNpyHeader, sizeOf } from './npy-header.ts';
import { readExactly } from './read-exactly.ts';
import { VectorFileError } from './vector-file-error.ts';

/** An array out of a `.npy` file. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** `shape`, row-major, whatever the order in the file. */
  readonly data: Float32Array;
}

/** The rows of a two-dimensional `.npy` file, to be read piece by piece. */
export interface NpyRows {
  readonly rowCount: number;
  readonly dimension: number;
  /** `[rows, dimension]` each, in order: `blockRows` rows, fewer in the last. Opens the file. */
  readonly blocks: AsyncIterable<Float32Array>;
}

export interface ReadNpyRowsOptions {
  /** Rows to a block. Default 1,024. */
  readonly blockRows?: number;
}

/** Values that are decoded at a time. */
const blockValues = 2 ** 18;

/**
 * Reads one array of floating-point numbers, as `numpy.save` writes it: format 1.0 to 3.0,
 * `f2`, `f4` or `f8` of either byte order, C order or (up to two axes) Fortran order. Needs
 * little memory besides the result. NaN and infinities are passed on.
 *
 * @throws {VectorFileError} if the file is damaged or of another kind, or a float64 is beyond
 * float32's range
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function readNpy(file: string): Promise<NpyArray> {
  return withFile(file, async (handle) => {
    const header = await readNpyHeader(file, handle);
    const data = new Float32Array(sizeOf(header.shape));
    if (header.isFortranOrder && header.shape.length === 2) {
      await readTransposed({ file, handle, header }, data);
    } else {
      await readValues({ file, handle, header }, { into: data, from: 0 });
    }
    return { shape: header.shape, data };
  });
}

/**
 * The same for a table that need not fit into memory: `[rows, dimension]` in C order.
 *
 * @throws {VectorFileError} besides, if the file has not two axes or is in Fortran order
 * @throws {RangeError} if `blockRows` is not a positive integer
 */
export async function readNpyRows(
  file: string,
  { blockRows = 1024 }: ReadNpyRowsOptions = {},
): Promise<NpyRows> {
  if (!Number.isInteger(blockRows) || blockRows < 1) {
    throw actionable(new RangeError(`blockRows must be a positive integer, got ${blockRows}`));
  }
  const header = await withFile(file, (handle) => readNpyHeader(file, handle));
  const [rowCount, dimension] = header.shape;
  if (header.shape.length !== 2 || header.isFortranOrder) {
    const order = header.isFortranOrder ? 'Fortran' : 'C';
    throw new VectorFileError(
      file,
      `shape [${header.shape.join(', ')}] in ${order} order; ` +
        'rows are read from [rows, dimension] in C order. Use readNpy.',
    );
  }
  const blocks = {
    [Symbol.asyncIterator]: () => readBlocks(file, header, blockRows),
  };
  return { rowCount: rowCount!, dimension: dimension!, blocks };
}

async function* readBlocks(
  file: string,
  header: NpyHeader,
  blockRows: number,
): AsyncGenerator<Float32Array, void> {
  const [rowCount, dimension] = header.shape as [number, number];
  const handle = await open(file, 'r');
  try {
    for (let row = 0; row < rowCount; row += blockRows) {
      const into = new Float32Array(Math.min(blockRows, rowCount - row) * dimension);
      await readValues({ file, handle, header }, { into, from: row * dimension });
      yield into;
    }
  } finally {
    await handle.close();
  }
}

async function withFile<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r');
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

interface Source {
  readonly file: string;
  readonly handle: FileHandle;
  readonly header: NpyHeader;
}

/** Fills `into` with the values from number `from`, in the file's order. */
async function readValues(
  source: Source,
  { into, from }: { into: Float32Array; from: number },
): Promise<void> {
  const { file, handle, header } = source;
  if (header.element.descr === nativeFloat32) {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    await readExactly(file, handle, { into: bytes, position: header.offset + from * 4 });
    return;
  }
  await decodeValues(source, { from, count: into.length }, (index, value) => {
    into[index] = value;
  });
}

/** Column by column in the file, row by row in `into`. */
async function readTransposed(source: Source, into: Float32Array): Promise<void> {
  const [rowCount, columnCount] = source.header.shape as [number, number];
  await decodeValues(source, { from: 0, count: into.length }, (index, value) => {
    into[(index % rowCount) * columnCount + Math.floor(index / rowCount)] = value;
  });
}

/** Calls `store` for each value, with its number counted from `from`. */
async function decodeValues(
  { file, handle, header }: Source,
  { from, count }: { from: number; count: number },
  store: (index: number, value: number) => void,
): Promise<void> {
  const { element, offset } = header;
  const buffer = new Uint8Array(Math.min(count, blockValues) * element.bytes);
  for (let done = 0; done < count; done += blockValues) {
    const into = buffer.subarray(0, Math.min(count - done, blockValues) * element.bytes);
    await readExactly(file, handle, { into, position: offset + (from + done) * element.bytes });
    const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
    for (let index = 0; index * element.bytes < into.length; index++) {
      const value = element.decode(view, index * element.bytes);
      checkRange(file, { element, value, index: from + done + index });
      store(done + index, value);
    }
  }
}

function checkRange(
  file: string,
  { element, value, index }: { element: NpyElement; value: number; index: number },
): void {
  if (element.bytes < 8 || !Number.isFinite(value) || Number.isFinite(Math.fround(value))) return;
  throw new VectorFileError(file, `value ${index} is ${value}, beyond the range of float32`);
}
