import { type FileHandle, open } from 'node:fs/promises';
import { FileDamagedError } from '../file-damaged-error.ts';
import { withPath } from '../with-path.ts';
import { parseJson } from './parse-json.ts';
import { toJson } from './to-json.ts';

const newline = 10;

/**
 * Adds a value to a file of JSON Lines, which is made if there is none, in one write. A last line
 * that a killed writer left torn, which `readJsonLines` leaves out, is cut off first.
 *
 * For one writer at a time: a second one would take a line that is being written for a torn one.
 * Nothing is flushed: a power cut may take the newest lines.
 *
 * @throws {TypeError} if the value is nothing that JSON has, such as `undefined`
 */
export async function appendJsonLine(file: string, value: unknown): Promise<void> {
  const line = Buffer.from(`${toJson(value)}\n`);
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const kept = await endOfWholeLines(handle, size, file);
    if (kept < size) await handle.truncate(kept);
    await handle.appendFile(line);
  } catch (error) {
    throw withPath(error, file);
  } finally {
    await handle.close();
  }
}

/** Where the last line that is a whole value ends. */
async function endOfWholeLines(handle: FileHandle, size: number, file: string): Promise<number> {
  const lastStart = await startOfLastLine(handle, size);
  const last = Buffer.alloc(size - lastStart);
  await handle.read(last, 0, last.length, lastStart);
  if (last.length === 0) return size;
  if (last.at(-1) !== newline) return lastStart;
  try {
    if (last.length > 1) parseJson(last, { file });
    return size;
  } catch (error) {
    if (error instanceof FileDamagedError) return lastStart;
    throw error;
  }
}

/** Goes back from the end, over the last byte, to the byte after a newline. */
async function startOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(64 << 10);
  for (let end = size - 1; end > 0; ) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    const found = chunk.subarray(0, bytesRead).lastIndexOf(newline);
    if (found >= 0) return start + found + 1;
    end = start;
  }
  return 0;
}
