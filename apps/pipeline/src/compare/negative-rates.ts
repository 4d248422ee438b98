import type { EpochEntry } from '@rodpo/recipe';
import type { Cell } from './comparison.ts';
import { mean } from './user-values.ts';

/** Mean rates of wrong negatives over logged epochs; nothing where none were drawn. */
export function negativeRates(
  epochs: readonly EpochEntry[],
): NonNullable<Cell['negatives']> | undefined {
  const drawn = epochs.filter(({ heldOutRate }) => heldOutRate !== undefined);
  if (drawn.length === 0) return undefined;
  const rate = (figure: string) => mean(drawn.map((entry) => Number(entry[figure])));
  // What only a simulation knows was logged as NaN, for which JSON has null.
  const isKnown = drawn.every(({ falseNegativeRate }) => typeof falseNegativeRate === 'number');
  return {
    falseNegativeRate: isKnown ? rate('falseNegativeRate') : null,
    heldOutRate: rate('heldOutRate'),
    historyRate: rate('historyRate'),
  };
}
