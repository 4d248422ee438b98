import { actionable, quote, quoteList } from '@rodpo/errors';
import type { NamedArray, NamedArrays } from '@rodpo/files';

/** Copies arrays into those of the same names, if all of them fit. */
export function loadState(own: NamedArrays, saved: NamedArrays): void {
  const names = Object.keys(own);
  const unknown = Object.keys(saved).filter((name) => !Object.hasOwn(own, name));
  if (unknown.length > 0) {
    throw refused(`Expected the arrays ${quoteList(names)}, got ${quoteList(unknown)} as well`);
  }
  for (const name of names) {
    const found = Object.hasOwn(saved, name) ? kindOf(saved[name]!) : 'none';
    const expected = kindOf(own[name]!);
    if (found !== expected) {
      throw refused(`Expected an array ${quote(name)} of ${expected}, got ${found}`);
    }
  }
  for (const name of names) own[name]!.data.set(saved[name]!.data);
}

function kindOf({ shape, data }: NamedArray): string {
  const kind = data.constructor.name;
  return `${kind} [${shape}]${data.length === sizeOf(shape) ? '' : ` with ${data.length} numbers`}`;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function refused(problem: string): RangeError {
  const advice = 'Load what an optimiser of the same kind, options and table had as its state.';
  return actionable(new RangeError(`${problem}. ${advice}`));
}
