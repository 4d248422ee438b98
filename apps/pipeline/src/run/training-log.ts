import { isDeepStrictEqual } from 'node:util';
import {
  appendJsonLine,
  FileDamagedError,
  readJsonLines,
  sealed,
  unsealed,
  writeJsonLines,
} from '@rodpo/files';
import { type EpochEntry, timings, untimed } from '@rodpo/recipe';
import type { Run } from './run.ts';

/** What a checkpoint knows of its stage's epochs, for a log whose lines are torn or altered. */
export type SavedLog = (stage: string) => Promise<readonly EpochEntry[] | undefined>;

/**
 * A run's `metrics/<stage>.jsonl`, one line an epoch, one file a stage: several processes may be at
 * work on different stages. Where a checkpoint says what the figures were, they are taken from there,
 * and the line has the times alone. It has a checksum: a line that was altered tells nothing.
 */
export function trainingLog(
  { file: pathOf }: Pick<Run, 'file'>,
  { saved, assertOwned }: { saved: SavedLog } & Pick<Run, 'assertOwned'>,
): Pick<Run, 'log' | 'logged' | 'rewind'> {
  const file = (stage: string) => pathOf('metrics', `${stage}.jsonl`);
  const lines = async (stage: string) =>
    (await readJsonLines(file(stage))).values.map(unsealed) as readonly (EpochEntry | undefined)[];
  const merged = async (stage: string, known: readonly EpochEntry[]) => {
    const written = new Map((await lines(stage)).map((entry) => [entry?.epoch, entry]));
    return known.map((entry) => withTimings(entry, written.get(entry.epoch)));
  };
  return {
    log: async (entry) => {
      await assertOwned();
      await appendJsonLine(file(entry.stage), sealed(entry));
    },
    logged: async (stage) => {
      const known = await saved(stage);
      return known ? merged(stage, known) : requireWhole(file(stage), await lines(stage));
    },
    rewind: async (stage) => {
      const kept = await merged(stage, (await saved(stage)) ?? []);
      if (isDeepStrictEqual(kept, await lines(stage))) return;
      await assertOwned();
      await writeJsonLines(file(stage), kept.map(sealed));
    },
  };
}

/** Without a checkpoint, nothing else says what an altered line was. */
function requireWhole(file: string, lines: readonly (EpochEntry | undefined)[]): EpochEntry[] {
  return lines.map((entry, index) => {
    if (entry) return entry;
    const problem = 'it holds no checksum that fits';
    throw new FileDamagedError(file, { problem, line: index + 1 });
  });
}

/** The times of a line that is gone or altered are not known. */
function withTimings(entry: EpochEntry, written: EpochEntry | undefined): EpochEntry {
  if (written && isDeepStrictEqual(untimed(written), entry)) return written;
  return { ...entry, ...Object.fromEntries(timings.map((name) => [name, null])) };
}
