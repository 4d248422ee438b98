import { mkdirSync, writeFileSync } from 'node:fs';

export interface ReadmeExample {
  /** The module to run: the `ts` block with its `// => value` lines turned into assertions. */
  readonly code: string;
  readonly assertionCount: number;
}

/** The `ts` blocks of a README. A line `expression; // => value` asserts that value. */
export function readmeExamples(readme: string): ReadmeExample[] {
  return [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => {
    let assertionCount = 0;
    const checked = block!.replace(/^(.+); \/\/ => (.+)$/gm, (_, expression, value) => {
      assertionCount++;
      return `expect(${expression}).toEqual(${value});`;
    });
    return { code: `import { expect } from 'vitest';\n${checked}`, assertionCount };
  });
}

/** @throws {Error} if no example asserts anything: such a README would pass whatever it says */
export function requireAssertions(examples: readonly ReadmeExample[]): void {
  if (examples.some(({ assertionCount }) => assertionCount > 0)) return;
  throw new Error(
    `None of the ${examples.length} ts blocks asserts anything. ` +
      'Add a line of the form `expression; // => value`.',
  );
}

/** Runs an example inside the package at `packageUrl`, whose dependencies it can import. */
export async function runExample(
  example: ReadmeExample,
  name: string,
  packageUrl: URL,
): Promise<void> {
  const directory = new URL('node_modules/.readme/', packageUrl);
  mkdirSync(directory, { recursive: true });
  const file = new URL(`${name}.ts`, directory);
  writeFileSync(file, example.code);
  await import(file.pathname);
}
