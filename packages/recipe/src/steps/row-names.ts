import { candidateNames } from './candidate-settings.ts';
import type { Specs } from './tokens.ts';

/** Prefixes of what a step with item rows on the host reads and returns, before a parameter's name. */
export const rowsPrefix = 'rows.';
export const rowGradientsPrefix = 'rowGradients.';

/** Names of a step's inputs whose numbers are items that it looks up. */
export function itemInputs(specs: Specs): string[] {
  const candidates = (['softmax', 'pool'] as const).map((use) => candidateNames(use).items);
  const lookedUp = [...candidates, 'items', 'targets', 'negatives'];
  return lookedUp.filter((name) => Object.hasOwn(specs, name));
}

/** Items of a step at most: all that its inputs look up, and one row for what is no item. */
export function rowCapacity(specs: Specs, itemCount: number): number {
  const named = itemInputs(specs).map((name) =>
    specs[name]!.shape.reduce((size, extent) => size * extent, 1),
  );
  return (
    1 +
    Math.min(
      itemCount,
      named.reduce((sum, size) => sum + size, 0),
    )
  );
}
