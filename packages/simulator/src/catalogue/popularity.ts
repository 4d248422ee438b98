/**
 * Zipf's law over a random order of the items: the item of rank r, from 1, has
 * weight `r^-skew`. Shape `[itemCount]`.
 */
export function drawPopularities(
  itemCount: number,
  skew: number,
  random: () => number,
): Float64Array {
  const popularities = Float64Array.from({ length: itemCount }, (_, rank) => (rank + 1) ** -skew);
  for (let last = itemCount - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [popularities[last], popularities[other]] = [popularities[other]!, popularities[last]!];
  }
  return popularities;
}
