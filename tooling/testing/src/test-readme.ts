import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { readmeExamples, requireAssertions, runExample } from './readme-examples.ts';

/** Runs every `ts` block of a package's README. A line `expression; // => value` must hold. */
export function testReadme(packageUrl: URL): void {
  const examples = readmeExamples(readFileSync(new URL('README.md', packageUrl), 'utf8'));

  test('README has an example that asserts something', () => requireAssertions(examples));

  test.each(examples.map((example, index) => [index + 1, example] as const))(
    'README example %i runs',
    (index, example) => runExample(example, `example-${index}`, packageUrl),
  );
}
