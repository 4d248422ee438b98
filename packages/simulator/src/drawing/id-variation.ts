/** How one product's picture differs from its attributes' picture; all of it follows from the id. */
export interface IdVariation {
  /** Letters and digits only: makes the names inside the picture its own. */
  readonly key: string;
  /** Degrees, -4 to 4. */
  readonly tilt: number;
  /** Factor, 0.94 to 1.06. */
  readonly scale: number;
  readonly isMirrored: boolean;
  /** Where the pattern starts, in pattern units, 0 to 16. */
  readonly phase: number;
}

/** Derives the variation from the id by a 32-bit FNV-1a hash. */
export function idVariation(id: string): IdVariation {
  let hash = 0x811c9dc5;
  for (const character of id) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  }
  const part = (salt: number) => (Math.imul(hash ^ salt, 0x9e3779b1) >>> 16) / 65536;
  return {
    key: `k${hash.toString(36)}`,
    tilt: 8 * part(1) - 4,
    scale: 0.94 + 0.12 * part(2),
    isMirrored: part(3) < 0.5,
    phase: 16 * part(4),
  };
}
