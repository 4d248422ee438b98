import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** @throws {Error} unless the file is the one that was pinned */
export function checkDigest(file, { algorithm, encoding, expected }) {
  const digest = createHash(algorithm).update(readFileSync(file)).digest(encoding);
  if (digest === expected) return;
  throw new Error(`${file}: expected ${algorithm} ${expected}, got ${digest}. It is not used.`);
}
