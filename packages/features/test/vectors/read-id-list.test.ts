import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIdList, VectorFileError } from '@rodpo/features';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, content);
  return file;
}

test.each<[string, string, string[]]>([
  ['one id a line', 'B01\nB02\n', ['B01', 'B02']],
  ['a last line without its end', 'B01\nB02', ['B01', 'B02']],
  ['the line ends of Windows', 'B01\r\nB02\r\n', ['B01', 'B02']],
  ['a byte order mark', '\uFEFFB01\n', ['B01']],
  ['spaces, which are kept', ' a\na b\na\n', [' a', 'a b', 'a']],
  ['numbers, which stay as they are', '007\n7\n7.0\n', ['007', '7', '7.0']],
  ['other scripts', 'クリーム\nкрем\n', ['クリーム', 'крем']],
  ['nothing', '', []],
])('reads %s', async (_, content, ids) => {
  expect(await readIdList(await fileOf('ids.txt', content))).toEqual(ids);
});

test('lines of another encoding are refused, with the line', async () => {
  const file = await fileOf('ids.txt', Uint8Array.of(0x61, 0x0a, 0x61, 0xe9, 0x0a));

  await expect(readIdList(file)).rejects.toThrow(`${file}:2: expected text in UTF-8`);
});

test('integers keep all their digits, and separators of Unicode end no line', async () => {
  const json = '[9007199254740993, 9007199254740992, -0, 123456789012345678901234567890]';
  const ids = ['9007199254740993', '9007199254740992', '-0', '123456789012345678901234567890'];
  expect(await readIdList(await fileOf('ids.json', json))).toEqual(ids);

  const strange = ['a\u2028b', 'a\u0085', '\u00a0a', '\ufeffa', 'a\vb'];
  expect(await readIdList(await fileOf('ids.txt', strange.join('\n')))).toEqual(strange);
});

test('reads a JSON array of strings and integers', async () => {
  expect(await readIdList(await fileOf('ids.JSON', '["a\\nb", 7, " "]'))).toEqual([
    'a\nb',
    '7',
    ' ',
  ]);
});

test.each<[string, string, string | Uint8Array, RegExp]>([
  ['a repeated id', 'ids.txt', 'a\nb\na\n', /id "a" is on line 1 and again on line 3$/],
  ['an empty line', 'ids.txt', 'a\n\nb\n', /line 2 is empty/],
  ['an empty last line', 'ids.txt', 'a\n\n', /line 2 is empty/],
  ['a repeated entry', 'ids.json', '["7", 7]', /id "7" is on entry 0 and again on entry 1/],
  ['an empty entry', 'ids.json', '["a", ""]', /entry 1 is empty/],
  ['a fraction', 'ids.json', '[1.5]', /entry 0 is 1.5; ids are strings or integers/],
  ['a fraction of nothing', 'ids.json', '[7, 1.0]', /entry 1 is 1.0; ids/],
  ['an exponent', 'ids.json', '[1e3]', /entry 0 is 1e3; ids/],
  ['null', 'ids.json', '[null]', /entry 0 is "null"/],
  ['an object', 'ids.json', '{"a": 1}', /expected a JSON array/],
])('refuses %s', async (_, name, content, problem) => {
  const file = await fileOf(name, content);

  await expect(readIdList(file)).rejects.toThrow(VectorFileError);
  await expect(readIdList(file)).rejects.toThrow(problem);
});

test('refuses another encoding and broken JSON as every reader does', async () => {
  const latin = await fileOf('ids.txt', Uint8Array.of(0x61, 0xe9, 0x0a));
  const broken = await fileOf('ids.json', '["a"');

  await expect(readIdList(latin)).rejects.toThrow(/:1: expected text in UTF-8/);
  await expect(readIdList(broken)).rejects.toThrow(/ids\.json: expected JSON, got/);
});
