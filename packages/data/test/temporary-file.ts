import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Writes `text` to a file that is gone after the test, and returns its path. */
export function temporaryFile(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'data-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'file.txt');
  writeFileSync(path, text);
  return path;
}
