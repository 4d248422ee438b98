/** 0 where there is nothing to be a part of. */
export function share(count: number, total: number): number {
  return total === 0 ? 0 : count / total;
}

/** `12 of 400 (3.0 %)`. */
export function shareOf(count: number, total: number): string {
  return `${count} of ${total} (${(100 * share(count, total)).toFixed(1)} %)`;
}
