import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectAllClose } from './testing/src/index.ts';
import { propertySeed } from './testing/src/property-seed.ts';
import { readmeExamples, requireAssertions, runExample } from './testing/src/readme-examples.ts';
import { undocumentedExports } from './testing/src/undocumented-exports.ts';

describe('expectAllClose', () => {
  test('accepts what is within either tolerance', () => {
    expectAllClose([], []);
    expectAllClose(Float32Array.of(0.1, -2, 3), [0.1, -2, 3]);
    expectAllClose([1_000_009, 9e-7], [1_000_000, 0]);
    expectAllClose([Infinity, -Infinity], [Infinity, -Infinity]);
  });

  test('names the worst element', () => {
    expect(() => expectAllClose([1, 2.1, 3.5, 4], [1, 2, 3, 4])).toThrow(
      /2 of 4 elements .* The worst is element 2: expected 3, got 3\.5$/,
    );
    expect(() => expectAllClose([5, NaN], [1, 2])).toThrow(/element 1: expected 2, got NaN$/);
  });

  test.each([
    { fact: 'just beyond the relative tolerance', actual: [1_000_012], expected: [1_000_000] },
    { fact: 'just beyond the absolute tolerance', actual: [1.1e-6], expected: [0] },
    { fact: 'NaN for a number', actual: [NaN], expected: [1] },
    { fact: 'NaN for NaN', actual: [NaN], expected: [NaN] },
    { fact: 'a number for an infinity', actual: [1], expected: [Infinity] },
    { fact: 'an infinity for a number', actual: [Infinity], expected: [1] },
    { fact: 'the wrong infinity', actual: [-Infinity], expected: [Infinity] },
    { fact: 'too few elements', actual: [1], expected: [1, 2] },
    { fact: 'too many elements', actual: [1, 2], expected: [1] },
  ])('refuses $fact', ({ actual, expected }) => {
    expect(() => expectAllClose(actual, expected)).toThrow();
  });

  test('takes other tolerances', () => {
    expectAllClose([1.05], [1], { relative: 0.1 });
    expectAllClose([1.05], [1], { absolute: 0.1 });
    expect(() => expectAllClose([1 + 1e-9], [1], { relative: 0, absolute: 0 })).toThrow();
  });
});

describe('README runner', () => {
  const testing = new URL('testing/', import.meta.url);
  const block = (code: string) => `# Title\n\n\`\`\`ts\n${code}\n\`\`\`\n\n\`\`\`sh\nls\n\`\`\`\n`;
  const run = (code: string, name: string) =>
    runExample(readmeExamples(block(code))[0]!, name, testing);

  test('finds every ts block, and counts its assertions', () => {
    const readme = block('const a = 1;\na; // => 1\n-a; // => -1') + block('[2]; // => [2]');

    expect(readmeExamples(readme).map(({ assertionCount }) => assertionCount)).toEqual([2, 1]);
  });

  test.each([
    { fact: 'no example', readme: '# Title' },
    { fact: 'no ts example', readme: '```js\n1; // => 1\n```' },
    { fact: 'no assertion', readme: block('const one = 1; // one') },
  ])('refuses a README with $fact', ({ readme }) => {
    expect(() => requireAssertions(readmeExamples(readme))).toThrow('Add a line of the form');
  });

  test('runs an example whose assertions hold', async () => {
    requireAssertions(readmeExamples(block('[1, 2].map((n) => n + 1); // => [2, 3]')));
    await run('[1, 2].map((n) => n + 1); // => [2, 3]', 'holds');
  });

  test('fails an example whose assertion does not hold', async () => {
    await expect(run('1 + 1; // => 3', 'wrong')).rejects.toThrow('expected 2 to deeply equal 3');
  });

  test('fails an example that throws', async () => {
    await expect(run("throw new Error('no such thing');", 'throws')).rejects.toThrow(
      'no such thing',
    );
  });
});

test('exports that a README does not name are found, in every entry point', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rodpo-exports-'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const entry = (source: string) => ({ '@rodpo/source': source });
  const exports = { '.': entry('./src/a.ts'), './b': entry('./src/b.ts'), './x.json': './x.json' };
  mkdirSync(join(folder, 'src'));
  write('package.json', JSON.stringify({ exports }));
  write(
    'src/a.ts',
    "export { type Kind, named, unnamed } from './c.ts';\nexport type { T } from 'd';",
  );
  write('src/b.ts', "export {\n  other,\n} from './c.ts';");
  write('README.md', '`named(x)`, and otherwise nothing');

  expect(undocumentedExports(pathToFileURL(`${folder}/`))).toEqual(['unnamed', 'other']);
  rmSync(folder, { recursive: true });
});

describe('property tests', () => {
  test('see the same examples in every run', () => {
    expect(fc.readConfigureGlobal().seed).toBe(propertySeed(process.env.PROPERTY_SEED));

    const examples = () => {
      const seen: number[] = [];
      fc.assert(fc.property(fc.nat(), (value) => void seen.push(value)));
      return seen;
    };
    expect(examples()).toEqual(examples());
  });

  test('take another seed if one is asked for', () => {
    expect(propertySeed(undefined)).toBe(1);
    expect(propertySeed('-7')).toBe(-7);
    expect(propertySeed('0')).toBe(0);
  });

  test.each(['', ' ', 'random', '1.5', '4294967296'])('refuse the seed %j', (text) => {
    expect(() => propertySeed(text)).toThrow(/PROPERTY_SEED must be a 32-bit integer, got/);
  });
});

test('what tests leave in the temporary folder goes with the run', () => {
  expect(basename(tmpdir())).toMatch(/^rodpo-tests-/);
});
