/** A difference as a share of the figure that it is over; null where that is 0, of which nothing is a share. */
export function gainOver(figure: number, difference: number): number | null {
  return figure === 0 ? null : difference / figure;
}

/** The same of an interval of differences. */
export function intervalOver(
  figure: number,
  [low, high]: readonly [number, number],
): readonly [number, number] | null {
  return figure === 0 ? null : [low / figure, high / figure];
}
