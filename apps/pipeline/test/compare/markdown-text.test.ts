import { expect, test } from 'vitest';
import { markdownCode, markdownText } from '../../src/report/markdown-text.ts';
import { htmlTable, markdownTable } from '../../src/report/table.ts';

test('nothing in a text is markup', () => {
  expect(markdownText('<script>alert(1)</script>')).toBe('\\<script>alert(1)\\</script>');
  expect(markdownText('a|b `c` *d* _e_ [f](g) ~h~ &lt; \\ # 1')).toBe(
    'a\\|b \\`c\\` \\*d\\* \\_e\\_ [f\\](g) \\~h\\~ \\&lt; \\\\ \\# 1',
  );
  expect(markdownText('one\r\n\n# two\u2028three')).toBe('one \\# two three');
  expect(markdownText('NDCG@5 0.0516 ± 0.0008 (+1.2 %)')).toBe('NDCG@5 0.0516 ± 0.0008 (+1.2 %)');
  expect(markdownText('[+1 %, +2 %], p < 0.001')).toBe('[+1 %, +2 %], p < 0.001');
  expect(markdownText('> quoted')).toBe('\\> quoted');
});

test('code ends where it is meant to', () => {
  expect(markdownCode('rodpo compare')).toBe('`rodpo compare`');
  expect(markdownCode('rodpo `` <b>')).toBe('``` rodpo `` <b> ```');
  expect(markdownCode('one\r\n\u2028two\nthree')).toBe('`one two three`');
});

test('a table keeps its cells and rows, whatever names are', () => {
  const table = {
    caption: 'of <b>',
    columns: ['model|x', 'figure'],
    rows: [
      ['<img src=x onerror=alert(1)>', { strong: 'a\nb|c' }],
      ['```', '0.5'],
    ],
  };

  expect(markdownTable(table).split('\n')).toEqual([
    'of \\<b>:',
    '',
    '| model\\|x | figure |',
    '| --- | --- |',
    '| \\<img src=x onerror=alert(1)> | **a b\\|c** |',
    '| \\`\\`\\` | 0.5 |',
  ]);
});

test('on a page, the name of a row is a heading, set strong or not', () => {
  const table = { caption: 'c', columns: ['model'], rows: [['a'], [{ strong: 'b' }]] };

  expect(htmlTable(table).markup.match(/<th scope="row">.*?<\/th>/g)).toEqual([
    '<th scope="row">a</th>',
    '<th scope="row">b</th>',
  ]);
});
