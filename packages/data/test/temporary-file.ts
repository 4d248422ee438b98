import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'data-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Writes `text` to a file that is gone after the test, and returns its path. */
export function temporaryFile(text: string): string {
  const path = join(temporaryFolder(), 'file.txt');
  writeFileSync(path, text);
  return path;
}
