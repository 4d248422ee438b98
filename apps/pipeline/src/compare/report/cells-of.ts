import type { Cell, Comparison } from '../comparison.ts';

/** The baseline of an encoder. */
export function baselineOf({ cells }: Comparison, encoder: string): Cell {
  return cells.find((cell) => cell.encoder === encoder && cell.model === 'pretrained')!;
}

/** An encoder's baseline and strategies, in order; those of the pool-size sweep are not among them. */
export function modelsOf({ cells }: Comparison, encoder: string): readonly Cell[] {
  return cells.filter((cell) => cell.encoder === encoder && cell.sweepPoolSize === undefined);
}

/** The same, of all encoders. */
export function allModels(comparison: Comparison): readonly Cell[] {
  return comparison.encoders.flatMap(({ name }) => modelsOf(comparison, name));
}

/** What a strategy is compared with: its encoder as pretrained, or what trained as long without a preference loss. */
export type Reference = 'pretrained' | 'control';

/** What a strategy does to a metric, as a share of the reference's mean, with its 95 % interval. */
export function relativeGainOf(
  comparison: Comparison,
  cell: Cell,
  metric: string,
  reference: Reference = 'pretrained',
) {
  const tests = reference === 'control' ? cell.againstControl : cell.againstBaseline;
  const test = tests?.[metric];
  if (test === undefined) return undefined;
  const model = reference === 'control' ? comparison.control : 'pretrained';
  const of = modelsOf(comparison, cell.encoder).find((other) => other.model === model)!;
  const { mean } = of.test[metric]!;
  const [low, high] = test.interval;
  return {
    gain: test.gain,
    low: low / mean,
    high: high / mean,
    adjustedPValue: test.adjustedPValue,
  };
}
