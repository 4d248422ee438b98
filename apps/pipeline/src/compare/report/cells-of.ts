import { baseline } from '../../config/config-problems.ts';
import { intervalOver } from '../../stages/gain-over.ts';
import type { Cell, Comparison } from '../comparison.ts';

/** The baseline of an encoder. */
export function baselineOf(comparison: Comparison, encoder: string): Cell {
  return cellOf(comparison, encoder, baseline);
}

function cellOf({ cells }: Comparison, encoder: string, model: string): Cell {
  return cells.find((cell) => cell.encoder === encoder && cell.model === model)!;
}

/** An encoder's baseline and strategies, in order; those of the pool-size sweep are not among them. */
export function modelsOf({ cells }: Comparison, encoder: string): readonly Cell[] {
  return cells.filter((cell) => cell.encoder === encoder && cell.sweepPoolSize === undefined);
}

/** The same, of all encoders. */
export function allModels(comparison: Comparison): readonly Cell[] {
  return comparison.encoders.flatMap(({ name }) => modelsOf(comparison, name));
}

/** What a gain is over: the encoder as pretrained, or what trained as long without a preference loss. */
export type GainOver = 'pretrained' | 'control';

/**
 * What a strategy does to a metric, as a share of the mean of what it is compared with, with its 95 % interval: both
 * null over a mean of 0. Undefined for what is compared with nothing.
 */
export function relativeGainOf(
  comparison: Comparison,
  cell: Cell,
  metric: string,
  over: GainOver = 'pretrained',
) {
  const [tests, model] =
    over === 'control'
      ? [cell.againstControl, comparison.control!]
      : [cell.againstBaseline, baseline];
  const test = tests?.[metric];
  if (test === undefined) return undefined;
  const { mean } = cellOf(comparison, cell.encoder, model).test[metric]!;
  return { ...test, interval: intervalOver(mean, test.interval) };
}
