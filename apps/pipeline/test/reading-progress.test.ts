import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/config/config.ts';
import { readSource } from '../src/data/read-source.ts';
import { readingProgress } from '../src/data/reading-progress.ts';
import type { Reporter } from '../src/run/reporter.ts';

/** What a terminal would show, a text for each call. */
function recorded() {
  const shown: string[] = [];
  const reporter = {
    progress: (title: string, total: number, unit: string) => {
      shown.push(`${title}, ${total} ${unit}`);
      return {
        advance: (units: number, detail?: string) => shown.push(`+${units}, ${detail}`),
        done: (message: string) => shown.push(message),
      };
    },
  } as unknown as Reporter;
  return { reporter, shown };
}

test('each step is shown from the beginning, a hundredth at a time', () => {
  const { reporter, shown } = recorded();
  const { onProgress, done } = readingProgress(reporter);

  onProgress('reading', 0);
  onProgress('reading', 0.305);
  onProgress('reading', 0.309);
  onProgress('reading', 0.5);
  onProgress('placing', 0.25);
  done({ rows: 9, kept: 7, users: 1, items: 1, files: ['a', 'b'] });

  expect(shown).toEqual([
    'reading the table, 100 %',
    '+30, 30 % done',
    '+20, 50 % done',
    'sorting the rows, 100 %',
    '+25, 25 % done',
    'read 9 rows of 2 files, of which 7 count',
  ]);
});

test('a table that is read shows it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  await writeFile(join(folder, 'shop.csv'), 'who,what\nann,tea\nann,cup\n');
  const file = join(folder, 'config.json');
  const columns = { user: 'who', item: 'what' };
  await writeFile(file, JSON.stringify({ data: { source: 'table', path: 'shop.csv', columns } }));
  const { reporter, shown } = recorded();

  await readSource(await loadConfig(file), { reporter });

  expect(shown[0]).toBe('reading the table, 100 %');
  expect(shown.at(-1)).toBe('read 2 rows of a file, of which 2 count');
});
