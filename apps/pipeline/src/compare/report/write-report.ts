import { join } from 'node:path';
import { writeAtomically, writeJson } from '@rodpo/files';
import type { Comparison } from '../comparison.ts';
import { htmlReport } from './html-page.ts';
import { markdownReport } from './markdown.ts';

/** Writes what a comparison found into its folder, as figures, as a page and as Markdown. */
export async function writeReport(comparison: Comparison, folder: string): Promise<void> {
  await writeJson(join(folder, 'comparison.json'), comparison);
  await writeAtomically(join(folder, 'report.md'), markdownReport(comparison));
  await writeAtomically(join(folder, 'report.html'), await htmlReport(comparison));
}
