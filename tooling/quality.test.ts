import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../', import.meta.url));

/** What `pnpm check` runs, as tests: whoever runs the tests has run everything. */
test.each([
  { fact: 'style', command: 'biome', options: ['check', '--config-path=tooling'] },
  { fact: 'types', command: 'tsc', options: ['-p', 'tooling/tsconfig.json'] },
  { fact: 'types of the page', command: 'tsc', options: ['-p', 'apps/studio/page'] },
  { fact: 'unused code', command: 'knip', options: ['--config', 'tooling/knip.json'] },
])('$fact: $command finds nothing', { timeout: 180_000 }, async ({ command, options }) => {
  const { error, output } = await run(`node_modules/.bin/${command}`, options);

  if (error) expect.fail(`${error.message}\n${output}`);
});

/** Builds write each file's declarations from it alone. Tests need not allow that, nor does the check of all types. */
test('each source of a package states the types of what it exports', { timeout: 180_000 }, () => {
  const sources = ts.sys.readDirectory(repository, ['.ts'], undefined, ['packages/*/src']);
  const wrong = sources.flatMap((fileName) => {
    const { diagnostics = [] } = ts.transpileDeclaration(ts.sys.readFile(fileName)!, {
      fileName,
      reportDiagnostics: true,
      compilerOptions: { isolatedDeclarations: true },
    });
    return diagnostics.map(({ messageText }) => `${fileName}: ${JSON.stringify(messageText)}`);
  });

  expect(sources.length).toBeGreaterThan(500);
  expect(wrong).toEqual([]);
});

function run(command: string, options: string[]) {
  return new Promise<{ error: Error | null; output: string }>((resolve) => {
    execFile(
      command,
      options,
      { cwd: repository, timeout: 170_000, maxBuffer: Infinity },
      (error, stdout, stderr) => resolve({ error, output: stdout + stderr }),
    );
  });
}
