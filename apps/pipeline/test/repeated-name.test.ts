import { expect, test } from 'vitest';
import { repeatedName } from '../src/config/repeated-name.ts';

test.each([
  ['{"a": 1, "b": {"a": 2}, "c": [{"a": 1}, {"a": 2}]}', undefined],
  ['{"a": 1, "b": 2, "a": 3}', 'a'],
  ['{"x": {"y": 1, "\\u0079": 2}}', 'y'],
  ['{"a": "b\\": {", "b": "a"}', undefined],
])('%s: %s', (json, name) => {
  expect(repeatedName(json)).toBe(name);
});
