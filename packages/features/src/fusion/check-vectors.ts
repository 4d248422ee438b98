import { actionable } from '@rodpo/errors';
import type { ItemVectors } from '../item-vectors.ts';

/** @throws {RangeError} if the arrays of `vectors` do not fit its dimension and each other */
export function checkVectors(name: string, { dimension, vectors, present }: ItemVectors): void {
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw actionable(
      new RangeError(`${name}: the dimension must be a positive integer, got ${dimension}`),
    );
  }
  if (vectors.length === present.length * dimension) return;
  throw actionable(
    new RangeError(
      `${name}: ${present.length} items of dimension ${dimension} need ` +
        `${present.length * dimension} values, got ${vectors.length}`,
    ),
  );
}
