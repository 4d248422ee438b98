import type { z } from 'zod';
import type { Problem } from './http-error.ts';

type Issue = z.core.$ZodIssue;

/** What is told at most: a body can be wrong in a thousand places. */
const mostProblems = 10;

/** What does not fit, in the words of the alternative that was nearest to fitting. */
export function problemsOf(issues: readonly Issue[]): Problem[] {
  return issues
    .flatMap((issue) => flat(issue, []))
    .slice(0, mostProblems)
    .map(({ path, message }) => ({ path: pathText(path), message }));
}

interface Found {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Whether what is wrong is the kind of a value, not what is in it. */
  readonly isOfKind: boolean;
}

/** An issue of alternatives as those of one of them, whose first issue lies deepest. */
function flat(issue: Issue, above: readonly PropertyKey[]): Found[] {
  const path = [...above, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return [{ path, message: issue.message, isOfKind: issue.code === 'invalid_type' }];
  }
  const alternatives = issue.errors.map((own) => own.flatMap((one) => flat(one, path)));
  const depth = (found: readonly Found[]) => found[0]?.path.length ?? 0;
  const deepest = Math.max(...alternatives.map(depth));
  // Of a value that fits none at its root, no alternative is nearer than the others.
  if (deepest <= path.length && alternatives.every((found) => isAtRoot(found, path))) {
    return [{ path, message: expectedOneOf(alternatives), isOfKind: true }];
  }
  return alternatives.find((found) => !isAtRoot(found, path)) ?? alternatives[0]!;
}

/** Whether all that is wrong is the kind of the value itself. */
const isAtRoot = (found: readonly Found[], path: readonly PropertyKey[]) =>
  found.every((one) => one.path.length === path.length && one.isOfKind);

const expectedOneOf = (alternatives: readonly (readonly Found[])[]) =>
  alternatives.map((found) => found[0]!.message).join(', or ');

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
