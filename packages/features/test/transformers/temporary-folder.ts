import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A folder that is there while the tests of this scope run: its path, when they run. */
export function temporaryFolder(): (...parts: string[]) => string {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rodpo-models-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return (...parts) => join(folder, ...parts);
}
