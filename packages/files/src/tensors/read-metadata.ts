import type { SafetensorsOptions } from '../safetensors/open-safetensors.ts';
import type { Safetensors } from '../safetensors/read-safetensors.ts';
import { openTensors } from './open-tensors.ts';

/**
 * The strings alone of what `writeTensors` wrote. All of it is checked, a piece in memory at a time.
 *
 * @throws {FileDamagedError} if it is damaged, or parts of it are missing
 * @throws the file system's error, with its `code`: `ENOENT` if there is neither
 */
export async function readMetadata(
  file: string,
  options: SafetensorsOptions = {},
): Promise<Safetensors['metadata']> {
  const opened = await openTensors(file, options);
  try {
    await opened.check();
    return opened.metadata;
  } finally {
    await opened.close();
  }
}
