import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ItemTableOptions, itemTable } from '@rodpo/features';
import { expect, test } from 'vitest';
import { parseExactJson } from '../../src/exact-json.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

async function itemsOf(
  text: string,
  options: Partial<ItemTableOptions> = {},
  name = 'items.jsonl',
) {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  const table = await itemTable(file, { id: 'id', input: 'title', ...options });
  return table.read(0, table.itemCount);
}

const idsOf = async (text: string, name?: string) =>
  (await itemsOf(text, {}, name)).map(({ id }) => id);

test('ids that are numbers keep every digit, and 1.0 is not 1', async () => {
  const written = ['9007199254740993', '9007199254740992', '1', '1.0', '1e3', '1000', '-0', '0'];
  const lines = written.map((id) => `{"title": "\\"id\\": 5.0", "id": ${id}}`);

  expect(await idsOf(lines.join('\n'))).toEqual(written);
});

test('numbers within a text are as they are written; a function gets numbers where it can', async () => {
  const text = '{"id": 1, "title": [19.90, 12345678901234567890, 2]}';

  expect((await itemsOf(text))[0]!.input).toBe('19.90 12345678901234567890 2');
  const kinds = await itemsOf(text, {
    input: ({ id, title }) => `${typeof id} ${JSON.stringify(title)}`,
  });
  expect(kinds[0]!.input).toBe('number ["19.90","12345678901234567890",2]');
});

test.each([
  '{"a": "1.0 \\" 2.0 \\\\", "b": [1.0, {"c": -1.50e+2}], "d": "\\\\\\" 1.0"}',
  '"\\\\" ',
  '[1.0,"","2.0",3.0]',
])('exact JSON leaves everything else as JSON has it: %s', (text) => {
  const loosened = JSON.stringify(parseExactJson(text), (_, value) =>
    typeof value === 'string' && /^-?[\d.]+(e\+\d)?$/.test(value) ? Number(value) : value,
  );
  const expected = JSON.stringify(JSON.parse(text), (_, value) =>
    typeof value === 'string' && /^-?[\d.]+(e\+\d)?$/.test(value) ? Number(value) : value,
  );

  expect(loosened).toBe(expected);
});

test.each(['{1.0: 2}', '[01]', '[1.]', '[1.0.0]', '{"a" 1.0}', '["1.0]', '1.0 "', '[--1.0]'])(
  'exact JSON refuses what JSON refuses: %s',
  (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  },
);

test('separators of Unicode split neither rows nor ids', async () => {
  const ids = ['a\u2028b', '\u00a0a', 'a\u0085', '\u2029', 'a\vb', 'a\fb', '\ufeffc', ' d ', 'a\0'];
  const rows = ids.map((id) => `${id}\tx\n`).join('');

  expect(await idsOf(`id\ttitle\n${rows.replace('\u2029\t', '\u2029x\t')}`, 'items.tsv')).toEqual(
    ids.map((id) => (id === '\u2029' ? '\u2029x' : id)),
  );
});

test('a name that every object has is no column', async () => {
  await expect(itemsOf('{"id": 1}', { input: 'toString' })).rejects.toThrow(/no line has "toStr/);
  await expect(itemsOf('{"title": 1}', { id: 'constructor' })).rejects.toThrow(/expected an id/);
});

test('a quarter of a million columns are read, and a missing one is named in short', async () => {
  const header = Array.from({ length: 250_000 }, (_, column) => `c${column}\u001b[1m`).join('\t');
  const row = Array.from({ length: 250_000 }, () => '').join('\t');

  const items = await itemsOf(`id\ttitle\t${header}\n1\tone\t${row}\n`, {}, 'items.tsv');
  expect(items).toEqual([{ id: '1', input: 'one' }]);
  const missing = await itemsOf(`id\t${header}\n`, {}, 'items.tsv').catch((error) => error);
  expectSafe(missing);
});

/** Colours, a cleared screen, a changed title: a million characters of it. */
const hostile = '\u001b[31m\u001b[2J\u0007\u001b]0;owned\u0007'.padEnd(1_000_000, 'x');
const json = (row: object) => `${JSON.stringify(row)}\n`;

test.each<[string, string, Partial<ItemTableOptions>, string]>([
  ['an id twice', `id\ttitle\n${hostile}\t1\n${hostile}\t2\n`, {}, 'a.tsv'],
  ['a column twice', `${hostile}\t${hostile}\n`, {}, 'a.tsv'],
  ['no such column', `${hostile}\n`, {}, 'a.tsv'],
  ['no id', 'id\ttitle\n\t1\n', {}, 'a.tsv'],
  ['a row too long', `id\ttitle\n${hostile}\t1\t2\n`, {}, 'a.tsv'],
  ['an id twice in JSON', json({ id: hostile, title: 1 }).repeat(2), {}, 'a.jsonl'],
  ['an object', json({ id: 1, [hostile]: { [hostile]: 1 } }), { input: hostile }, 'a.jsonl'],
  ['no JSON', `{"id": 1, "title": "${hostile}`, {}, 'a.jsonl'],
  ['no line with it', json({ id: 1 }), { input: hostile }, 'a.jsonl'],
])(
  'a message about %s is short, and no terminal acts on it',
  async (_name, text, options, name) => {
    expectSafe(await itemsOf(text, options, name).catch((error: unknown) => error));
  },
);

test('so is what is recorded of a path that is refused', async () => {
  const [item] = await itemsOf(json({ id: 1, title: `../${hostile}` }), { folder: 'pics' });

  expectSafe(new Error(item!.problem!.message));
});

function expectSafe(error: unknown): void {
  expect(error).toBeInstanceOf(Error);
  const { message } = error as Error;
  expect(message.length).toBeLessThan(2000);
  expect(message).not.toMatch(/\p{Cc}/u);
}
