import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readmeExamples, requireAssertions, runExample } from './readme-examples.ts';
import { undocumentedExports } from './undocumented-exports.ts';

/**
 * Runs every `ts` block of the README in a folder. A line `expression; // => value` must hold.
 * A package's own README must also name everything the package exports, types apart.
 *
 * @param packageUrl the package whose dependencies the examples import; usually the folder itself
 */
export function testReadme(folder: URL, packageUrl: URL = folder): void {
  const examples = readmeExamples(readFileSync(new URL('README.md', folder), 'utf8'));

  test('README has an example that asserts something', () => requireAssertions(examples));

  test.runIf(folder === packageUrl)('README names every export', () => {
    expect(undocumentedExports(packageUrl)).toEqual([]);
  });

  test.each(examples.map((example, index) => [index + 1, example] as const))(
    'README example %i runs',
    (index, example) => runExample(example, `example-${index}`, packageUrl),
  );
}
