import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whatever tests put into the system's temporary folder lies in one of this run's, and goes with it. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'rodpo-tests-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
