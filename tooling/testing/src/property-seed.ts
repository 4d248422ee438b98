import fc from 'fast-check';

/**
 * The seed that `PROPERTY_SEED` asks for, 1 if it is not set.
 *
 * @throws {RangeError} if it is not a 32-bit integer
 */
export function propertySeed(text: string | undefined): number {
  if (text === undefined) return 1;
  const seed = Number(text);
  if (text.trim() !== '' && seed === (seed | 0)) return seed;
  throw new RangeError(
    `PROPERTY_SEED must be a 32-bit integer, got '${text}'. Unset it for the default of 1.`,
  );
}

/**
 * Gives all property tests the same examples in every run, so that a change is judged by what it
 * changed. `PROPERTY_SEED` in the environment gives them others.
 */
export function seedProperties(): void {
  const seed = propertySeed(process.env.PROPERTY_SEED);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}
