import fc from 'fast-check';

/**
 * The seed of all property tests: the same examples in every run, so that a change is judged by what
 * it changed. `PROPERTY_SEED` in the environment gives other examples.
 *
 * @throws {RangeError} if `PROPERTY_SEED` is not a 32-bit integer
 */
export function propertySeed(text: string | undefined = process.env['PROPERTY_SEED']): number {
  if (text === undefined) return 1;
  const seed = Number(text);
  if (text.trim() !== '' && seed === (seed | 0)) return seed;
  throw new RangeError(
    `PROPERTY_SEED must be a 32-bit integer, got '${text}'. Unset it for the default of 1.`,
  );
}

/** Gives every property that names no seed of its own the one of this run. */
export function seedProperties(): void {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: propertySeed() });
}
