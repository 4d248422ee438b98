import type { FileHandle } from 'node:fs/promises';
import { namingPath } from '@rodpo/files';
import { VectorFileError } from './vector-file-error.ts';

/** Linux reads at most 2 GiB at once. */
const maximumReadBytes = 2 ** 30;

/**
 * Fills `into` from `position` of the file.
 *
 * @throws {VectorFileError} if the file ends before that
 */
export async function readExactly(
  file: string,
  handle: FileHandle,
  { into, position }: { into: Uint8Array; position: number },
): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const length = Math.min(maximumReadBytes, into.length - done);
    const { bytesRead } = await namingPath(file, handle.read(into, done, length, position + done));
    if (bytesRead === 0) {
      throw new VectorFileError(
        file,
        `cut short: ${into.length} bytes were expected from byte ${position}, got ${done}`,
      );
    }
    done += bytesRead;
  }
}
