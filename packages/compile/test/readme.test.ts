import { readFileSync } from 'node:fs';
import { testReadme } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { kernelRules } from '../src/kernels/index.ts';

testReadme(new URL('../', import.meta.url));

test('README lists the kernels there are', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, list] = /<!-- kernels -->(.*)<!-- \/kernels -->/s.exec(readme)!;

  expect(list!.match(/\w+/g)).toEqual(Object.keys(kernelRules).sort());
});
