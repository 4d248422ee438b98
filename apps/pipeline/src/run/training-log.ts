import { isDeepStrictEqual } from 'node:util';
import { appendJsonLine, readJsonLines, writeJsonLines } from '@rodpo/files';
import type { LogEntry, Run } from './run.ts';

/** What a checkpoint knows of its stage's epochs, for a log whose lines are torn or altered. */
export type SavedLog = (stage: string) => Promise<readonly LogEntry[] | undefined>;

/** What differs from run to run, and so is in the log alone. */
const timings = ['seconds', 'examplesPerSecond'];

/** An entry without what differs from run to run: the same for each run with equal settings. */
export function untimed(entry: LogEntry): LogEntry {
  const kept = Object.entries(entry).filter(([name]) => !timings.includes(name));
  return Object.fromEntries(kept) as LogEntry;
}

/**
 * A run's `metrics/<stage>.jsonl`, one line an epoch, one file a stage: several processes may be at
 * work on different stages. The files are for people. Where a checkpoint says what the figures were,
 * they are taken from there, since it has a checksum.
 */
export function trainingLog(
  { file: pathOf }: Pick<Run, 'file'>,
  { saved, assertOwned }: { saved: SavedLog } & Pick<Run, 'assertOwned'>,
): Pick<Run, 'log' | 'logged' | 'rewind'> {
  const file = (stage: string) => pathOf('metrics', `${stage}.jsonl`);
  const lines = async (stage: string) =>
    (await readJsonLines(file(stage))).values as readonly LogEntry[];
  const merged = async (stage: string, known: readonly LogEntry[]) => {
    const written = new Map((await lines(stage)).map((entry) => [entry?.epoch, entry]));
    return known.map((entry) => withTimings(entry, written.get(entry.epoch)));
  };
  return {
    log: async (entry) => {
      await assertOwned();
      await appendJsonLine(file(entry.stage), entry);
    },
    logged: async (stage) => {
      const known = await saved(stage);
      return known ? merged(stage, known) : [...(await lines(stage))];
    },
    rewind: async (stage) => {
      const kept = await merged(stage, (await saved(stage)) ?? []);
      if (isDeepStrictEqual(kept, await lines(stage))) return;
      await assertOwned();
      await writeJsonLines(file(stage), kept);
    },
  };
}

/** A line that is not what the checkpoint says was altered: its times are as little known. */
function withTimings(entry: LogEntry, written: LogEntry | undefined): LogEntry {
  if (written && isDeepStrictEqual(untimed(written), entry)) return written;
  return { ...entry, ...Object.fromEntries(timings.map((name) => [name, null])) };
}
