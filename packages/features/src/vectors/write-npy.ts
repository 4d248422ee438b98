import { actionable } from '@rodpo/errors';
import { writeAtomically } from '@rodpo/files';
import { nativeFloat32 } from './npy-element.ts';
import { formatNpyHeader } from './npy-header.ts';

export interface WriteNpyOptions {
  /** Stops the writing between two blocks, and leaves no file behind. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a table as float32 in C order, byte for byte what `numpy.save` writes. Blocks may be of
 * any length and may be reused once the next one is asked for. The file appears under its name
 * only when it is complete and on disk.
 *
 * @param shape `[rows, dimension]`
 * @throws {RangeError} if the blocks hold more or fewer values than the shape
 * @throws the reason of `signal`, if it is aborted
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function writeNpy(
  file: string,
  shape: readonly [rows: number, dimension: number],
  blocks: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  { signal }: WriteNpyOptions = {},
): Promise<void> {
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw actionable(
      new RangeError(`The shape must be of integers from 0, got [${shape.join(', ')}]`),
    );
  }
  signal?.throwIfAborted();
  await writeAtomically(file, npyParts(shape, blocks, signal));
}

/** The header, then the blocks. */
async function* npyParts(
  shape: readonly [number, number],
  blocks: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  yield formatNpyHeader(nativeFloat32, shape);
  const expected = shape[0] * shape[1];
  let written = 0;
  for await (const block of blocks) {
    signal?.throwIfAborted();
    written += block.length;
    if (written > expected) break;
    yield new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
  }
  if (written === expected) return;
  throw actionable(
    new RangeError(
      `Shape [${shape.join(', ')}] holds ${expected} values, the blocks hold ` +
        `${written > expected ? 'more' : `only ${written}`}`,
    ),
  );
}
