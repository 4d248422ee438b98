import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { appendJsonLine, FileDamagedError, readJsonLines, writeJsonLines } from '@rodpo/files';
import type { LogPlace, ScalarLog } from './scalar-log.ts';

/**
 * A log of JSON Lines: `{"step":7,"step/loss":0.25}` of a step, `{"step":10,"epoch":1,…}` of an
 * epoch. There is no time in it: a training that is killed and resumed writes the bytes of one that
 * is not. A figure that is no number, or infinite, is `null`, as JSON has it.
 *
 * `begin` throws `FileDamagedError` if the file is no log.
 */
export function jsonLinesLog(file: string): ScalarLog {
  return {
    begin: async (place) => {
      await mkdir(dirname(file), { recursive: true });
      const { values, torn } = await readJsonLines(file);
      const kept = values.filter((value) => isBefore(file, value, place));
      if (torn || kept.length < values.length) await writeJsonLines(file, kept);
    },
    write: ({ figures, ...place }) => appendJsonLine(file, { ...place, ...figures }),
    close: async () => undefined,
  };
}

function isBefore(file: string, value: unknown, place: LogPlace): boolean {
  const { step, epoch = 0 } = (value ?? {}) as { step?: unknown; epoch?: number };
  if (typeof step === 'number') return step <= place.totalStep && epoch <= place.epoch;
  throw new FileDamagedError(file, {
    problem: 'expected figures of steps, got a line without one',
    advice: 'Log to another file.',
  });
}
