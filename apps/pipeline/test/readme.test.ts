import { readFileSync } from 'node:fs';
import { testReadme } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { createCommandLine } from '../src/commands/command-line.ts';
import { plainReporter } from '../src/run/reporter.ts';

const pipeline = new URL('../', import.meta.url);
const repository = new URL('../../', pipeline);

testReadme(repository, pipeline);

test('every rodpo command in the READMEs exists, with its options', () => {
  const program = createCommandLine(plainReporter(() => {}));
  const commands = [repository, pipeline].flatMap((folder) =>
    [...readFileSync(new URL('README.md', folder), 'utf8').matchAll(/^rodpo .*$/gm)].map(String),
  );

  expect(commands.length).toBeGreaterThan(3);
  for (const line of commands) {
    const [, name, ...rest] = line.replace(/#.*/, '').trim().split(/\s+/);
    const command = program.commands.find((known) => known.name() === name);
    expect(command, line).toBeDefined();
    for (const option of rest.filter((word) => word.startsWith('-'))) {
      const known = command!.options.flatMap(({ short, long }) => [short, long]);
      expect(known, line).toContain(option);
    }
  }
});
