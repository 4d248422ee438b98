import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePythonLiteral } from '../../src/published/python-literal.ts';

const golden: [string, unknown][] = JSON.parse(
  readFileSync(new URL('python-literals.golden.json', import.meta.url), 'utf8'),
);

test('what Python prints is read as Python has it', () => {
  expect(golden.length).toBeGreaterThan(300);
  for (const [literal, value] of golden)
    expect(parsePythonLiteral(literal), literal).toEqual(value);
});

test.each([
  ["{'a': 1", '"}"'],
  ["{'a' 1}", '":"'],
  ["'open", 'a closed text'],
  ['[1 2]', '","'],
  ['__import__("os")', 'a value'],
  ["{'a': 1} x", 'the end'],
  ["'\\xg0'", '2 hex digits'],
  ['nan', 'a value'],
  ['', 'a value'],
])('%s is refused: expected %s', (literal, expected) => {
  expect(() => parsePythonLiteral(literal)).toThrow(
    new RegExp(`expected (${expected.replace(/[}]/g, '[},]')}|",").* at character`),
  );
});
