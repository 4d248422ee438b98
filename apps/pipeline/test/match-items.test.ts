import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Failure } from '@rodpo/features';
import { expect, test } from 'vitest';
import { ConfigError } from '../src/config/config.ts';
import { matchItems } from '../src/features/match-items.ts';
import { nearMisses } from '../src/features/near-misses.ts';
import { rodpo } from './rodpo.ts';
import { isQuick } from './tier.ts';

test.each([
  ['white space', ['7 '], ['7']],
  ['upper and lower case', ['b01'], ['B01']],
  ['leading zeros', ['7'], ['0007']],
  ['".0" at the end', ['12'], ['12.0']],
  ['quotation marks', ['12'], ['"12"']],
  ['the composition of letters', ['cafe\u0301'], ['caf\u00e9']],
  ['a prefix', ['item_1', 'item_2'], ['2', '1']],
  ['a prefix', ['i1', 'i2'], ['B1', 'B3']],
])('finds ids that differ by %s', (by, unmatched, known) => {
  const id = unmatched[0]!;
  const other = known.find((candidate) => candidate.includes(id.at(-1)!)) ?? known[0]!;

  expect(nearMisses(unmatched, known)[0]).toEqual({ id, known: other, by });
});

test('ids of other things are no near misses, and those beyond the limit are not shown', () => {
  expect(nearMisses(['apple', '12'], ['pear', '13', '120'])).toEqual([]);
  expect(nearMisses([], [])).toEqual([]);
  expect(nearMisses(['a', 'b', 'c', 'd'], ['A', 'B', 'C', 'D']).map(({ id }) => id)).toEqual([
    'a',
    'b',
    'c',
  ]);
});

function storeOf(ids: readonly string[], failing: readonly string[] = []) {
  const failures = failing.map((id): Failure => ({ id, reason: 'missing', message: 'none' }));
  return { has: (id: string) => ids.includes(id), ids: () => ids.values(), failures };
}

const text = (store: ReturnType<typeof storeOf>) => ({ modality: 'text' as const, store });

test('says how many items of the data have a vector', () => {
  expect(matchItems(['a', 'b'], text(storeOf(['b', 'a', 'z'])))).toEqual([
    '2 of 2 items of the data have a vector of "text"',
  ]);
  // The catalogue has b; that it has no text is the extraction's to say.
  expect(matchItems(['a', 'b'], text(storeOf(['a'], ['b'])))).toEqual([
    '1 of 2 items of the data have a vector of "text"',
  ]);
});

test('ids that the catalogue does not have are named, with what they might be', () => {
  const [line, warning] = matchItems(['a', 'b07', 'c'], text(storeOf(['a', 'B07', 'x'], ['c'])));

  expect(line).toBe('1 of 3 items of the data have a vector of "text"');
  expect(warning).toMatch(/^WARNING: 1 items are not in the catalogue .* such as "b07"/);
  expect(warning).toContain('"b07" and "B07" differ by upper and lower case');
});

test('no vector at all is an error, whether ids differ or inputs are unusable', () => {
  expect(() => matchItems(['i0', 'i1'], text(storeOf(['B0', 'B1'])))).toThrow(ConfigError);
  expect(() => matchItems(['i0', 'i1'], text(storeOf(['B0', 'B1'])))).toThrow(
    /None of the 2 items .* "text".*"i0" and "B0" differ by a prefix/,
  );
  expect(() => matchItems(['a'], text(storeOf(['z'], ['a'])))).toThrow(
    /None of the 1 items .* without a usable text/,
  );
});

test('messages stay short and safe whatever the ids', () => {
  const ids = Array.from({ length: 5000 }, (_, index) => `\u001b[31m${index}`.padEnd(500, '!'));

  const [, warning] = matchItems(['a', ...ids], text(storeOf(['a'])));

  expect(warning!.length).toBeLessThan(2000);
  expect(warning).not.toMatch(/\p{Cc}/u);
});

/** Ten users of twelve items, whose catalogue writes the ids as told. */
async function runConfig(idOf: (item: number) => string, streams: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  const users = Array.from({ length: 10 }, (_, user) => {
    const items = Array.from({ length: 6 }, (_, place) => `i${(user + place * 5) % 12}`);
    return `u${user} ${items.join(' ')}\n`;
  });
  await writeFile(join(folder, 'data.txt'), users.join(''));
  const rows = Array.from({ length: 12 }, (_, item) => `${idOf(item)}\t${titles[item]}\n`);
  await writeFile(join(folder, 'items.tsv'), `id\ttitle\n${rows.join('')}`);
  const file = join(folder, 'config.json');
  const settings = {
    output: join(folder, 'run'),
    data: { source: 'sequences', path: 'data.txt' },
    kCore: { minUserInteractions: 1, minItemInteractions: 1 },
    catalogue: { path: 'items.tsv', id: 'id', text: ['title'] },
    features: { text: { encoder: 'tfidf', dimension: 2 } },
    encoder: { streams, maxLength: 8, dimension: 8, blockCount: 1, headCount: 1 },
    batch: { rowLength: 8, rowCount: 8, blockSize: 64 },
    pretrain: { maxEpochs: 1 },
    align: { maxEpochs: 1, strategies: [{ name: 'uniform' }] },
  };
  await writeFile(file, JSON.stringify(settings));
  return file;
}

const titles = ['red', 'blue', 'dry', 'soft'].flatMap((kind) =>
  ['soap', 'oil', 'gel'].map((thing) => `${kind} ${thing}`),
);

test.skipIf(isQuick)('a run says it once, and ends where nothing matches', async () => {
  const said = await rodpo('run', '-c', await runConfig((item) => `i${item}`, ['text']));
  expect(said.match(/12 of 12 items of the data have a vector of "text"/g)).toHaveLength(1);

  for (const streams of [['text'], ['id', 'text']]) {
    const other = runConfig((item) => `B${item}`, streams);
    await expect(rodpo('run', '-c', await other)).rejects.toThrow(/None of the 12 items .* "text"/);
  }
});
