import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LogEntry, tensorBoardLog } from '@rodpo/trainer';
import { describe, expect, test } from 'vitest';
// Neither is for users of the package: what they are is told by published vectors.
import { crc32c, maskedCrc32c } from '../../src/logs/tensor-board/crc32c.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Bytes of TensorBoard's own writer; bench/peers/tensorboard_events.py made the file. */
const golden: {
  readonly files: string[];
  readonly readings: Readonly<Record<string, [step: number, value: string, time: number][]>>;
} = JSON.parse(readFileSync(new URL('../golden/tensorboard.json', import.meta.url), 'utf8'));

/** What the script logs: five steps, and what comes after a kill and a start from step 2. */
const trainings: { begun: number; totalStep: number; entries: LogEntry[] }[] = [
  {
    begun: 1_800_000_000_000,
    totalStep: 0,
    entries: [1, 2, 3, 4, 5].map((step) => ({
      step,
      figures: { 'step/loss': 1 / step, 'step/größe ✓': -step / 3 },
    })),
  },
  {
    begun: 1_800_000_100_500,
    totalStep: 2,
    entries: [
      { step: 3, figures: { 'step/loss': 33.25, 'step/größe ✓': Number.NaN } },
      {
        step: 2 ** 40,
        epoch: 1,
        figures: {
          'epoch/loss': Number.POSITIVE_INFINITY,
          'epoch/validation': 0,
          ['tag '.repeat(60)]: 1e-45,
        },
      },
    ],
  },
];

async function writeBoth(folder: string): Promise<void> {
  for (const { begun, totalStep, entries } of trainings) {
    let time = begun - 250;
    const now = () => {
      time += 250;
      return time;
    };
    const log = tensorBoardLog(folder, { now });
    await log.begin({ epoch: 0, totalStep });
    for (const entry of entries) await log.write(entry);
    await log.close();
  }
}

describe('as the writer of TensorBoard', () => {
  test('writes the same bytes, a file for each start', async () => {
    const folder = temporaryFolder();
    await writeBoth(folder);
    const names = readdirSync(folder).sort();

    expect(names.map((name) => readFileSync(join(folder, name)).toString('hex'))).toEqual(
      golden.files,
    );
    for (const name of names) expect(name).toMatch(/^events\.out\.tfevents\.1800000\d{3}\./);
  });

  test("and TensorBoard's reader finds what counts: before the start of step 3, and after", () => {
    const [first, second] = trainings.map(({ entries }) => entries);
    const expected: Record<string, [number, number][]> = {};
    for (const { step, figures } of [...first!.slice(0, 2), ...second!]) {
      for (const [name, value] of Object.entries(figures)) {
        expected[name] = [...(expected[name] ?? []), [step, Math.fround(value)]];
      }
    }
    const read = Object.entries(golden.readings).map(([name, rows]) => {
      return [name, rows.map(([step, value]) => [step, numberOf(value)])] as const;
    });

    expect(Object.fromEntries(read)).toEqual(expected);
  });
});

/** Python's texts of numbers. */
function numberOf(text: string): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  return text === 'nan' ? Number.NaN : Number(text);
}

test('every start has a file of its own, also within a second', async () => {
  const folder = temporaryFolder();
  const log = tensorBoardLog(folder, { now: () => 1e12 });
  await log.begin({ epoch: 0, totalStep: 0 });
  await log.begin({ epoch: 0, totalStep: 0 });
  await log.close();

  expect(readdirSync(folder)).toHaveLength(2);
});

test('is written to only between begin and close', async () => {
  const log = tensorBoardLog(temporaryFolder());
  const entry = { step: 1, figures: {} };
  const closed = 'The log is not open. Call begin first, and nothing after close.';

  await expect(log.write(entry)).rejects.toThrow(closed);
  await log.begin({ epoch: 0, totalStep: 0 });
  await log.close();
  await expect(log.write(entry)).rejects.toThrow(closed);
  await log.close(); // twice does no harm
});

test.each([
  // RFC 3720, appendix B.4
  ['32 bytes of 0', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of 255', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
  ['31 to 0', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
  ['nothing', new Uint8Array(0), 0],
])('crc32c of %s', (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});

test('a mask is undone by its inverse', () => {
  // Unmask, as crc32c.h has it: subtract, and turn back by 17 bits.
  const bytes = Buffer.from('masked');
  const turned = (maskedCrc32c(bytes) - 0xa282ead8) >>> 0;
  expect(((turned >>> 17) | (turned << 15)) >>> 0).toBe(crc32c(bytes));
});
