import { InvalidArgumentError } from 'commander';

/** What `--seed` takes. @throws {InvalidArgumentError} */
export function parseSeed(value: string): number {
  const seed = Number(value);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError('Expected a whole number, 0 or more.');
}
