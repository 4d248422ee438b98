/** Sums of an epoch's figures so far, each times its batch's weight. */
export interface FigureSums {
  /** Of all batches so far. */
  readonly weight: number;
  readonly figures: Readonly<Record<string, number>>;
}

export const noFigures: FigureSums = { weight: 0, figures: {} };

/** The sums with another batch. */
export function withFigures(
  { weight: before, figures: sums }: FigureSums,
  figures: Readonly<Record<string, number>>,
  weight: number,
): FigureSums {
  const next: Record<string, number> = { ...sums };
  for (const [name, value] of Object.entries(figures)) {
    next[name] = (next[name] ?? 0) + value * weight;
  }
  return { weight: before + weight, figures: next };
}

/** The means of what was summed. */
export function meansOf<Name extends string>({
  weight,
  figures,
}: FigureSums): Record<Name, number> {
  const means = Object.entries(figures).map(([name, sum]) => [name, sum / weight] as const);
  return Object.fromEntries(means) as Record<Name, number>;
}
