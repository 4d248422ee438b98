/** Mixes `#rrggbb` with black (below 0) or white (above 0): -1 is black, 1 is white. */
export function shade(colour: string, amount: number): string {
  const target = amount < 0 ? 0 : 255;
  const channels = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16);
    return Math.round(value + (target - value) * Math.abs(amount));
  });
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Perceived brightness of `#rrggbb`, from 0 to 1. */
export function brightness(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) =>
    Number.parseInt(colour.slice(start, start + 2), 16),
  );
  return (0.3 * red! + 0.59 * green! + 0.11 * blue!) / 255;
}
