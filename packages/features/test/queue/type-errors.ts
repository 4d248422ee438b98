import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface TypedValue {
  readonly value: unknown;
  /** A type of kubernetes-types, which is made from Kubernetes' published schema. */
  readonly type: string;
  /** Where it is exported. */
  readonly module: string;
}

/**
 * What TypeScript has against each value as a literal of its type: such a literal may have no
 * field that the type has not.
 */
export function typeErrors(values: readonly TypedValue[]): string[][] {
  const texts = new Map(
    values.map((typed, index) => [
      fileURLToPath(new URL(`./value-${index}.generated.ts`, import.meta.url)),
      asSource(typed),
    ]),
  );
  const options: ts.CompilerOptions = {
    strict: true,
    module: ts.ModuleKind.Preserve,
    lib: ['lib.es5.d.ts'],
    types: [],
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.getSourceFile = (path, target, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? getSourceFile(path, target, ...rest)
      : ts.createSourceFile(path, text, target);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const diagnostics = ts.getPreEmitDiagnostics(program);
  return [...texts.keys()].map((path) =>
    diagnostics
      .filter(({ file }) => !file || file.fileName === path)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}

function asSource({ value, type, module }: TypedValue): string {
  return `import type { ${type} } from ${JSON.stringify(module)};
export const value: ${type} = ${JSON.stringify(value, null, 2)};
`;
}
