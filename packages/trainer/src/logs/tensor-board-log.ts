import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ScalarLog } from './scalar-log.ts';
import { type EventContent, eventOf } from './tensor-board/event.ts';
import { recordOf } from './tensor-board/record.ts';

export interface TensorBoardLogOptions {
  /** Milliseconds since 1970, which TensorBoard shows and sorts files by. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Scalars as event files for TensorBoard: `tensorboard --logdir folder`. Every `begin` starts a file
 * of its own, as TensorBoard asks for, and tells it from which step on older files do not count.
 * A write is with the system when it returns: a process that is killed loses none.
 *
 * @throws {Error} by `write`, before `begin` or after `close`
 */
export function tensorBoardLog(
  folder: string,
  { now = Date.now }: TensorBoardLogOptions = {},
): ScalarLog {
  let file: FileHandle | undefined;
  const add = async (step: number, content: EventContent) => {
    if (!file) throw new Error('The log is not open. Call begin first, and nothing after close.');
    await file.appendFile(recordOf(eventOf(now(), step, content)));
  };
  return {
    begin: async ({ totalStep }) => {
      await file?.close();
      file = await newFile(folder, now());
      await add(0, { fileVersion: 'brain.Event:2' });
      // TensorBoard drops what other files of the folder have of this step and later ones.
      await add(totalStep + 1, { isStart: true });
    },
    write: ({ step, figures }) => add(step, { figures }),
    close: async () => {
      await file?.close();
      file = undefined;
    },
  };
}

/** By the form of name that TensorBoard looks for; it reads files in the order of their names. */
async function newFile(folder: string, timeMs: number): Promise<FileHandle> {
  await mkdir(folder, { recursive: true });
  const seconds = String(Math.floor(timeMs / 1000)).padStart(10, '0');
  for (let count = 0; ; count++) {
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${count}`;
    try {
      return await open(join(folder, name), 'ax');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
