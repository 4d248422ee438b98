import { markdownCode, markdownText } from '../../report/markdown-text.ts';
import { markdownTable } from '../../report/table.ts';
import type { Comparison } from '../comparison.ts';
import { sectionsOf, summaryOf } from './sections.ts';

/** The report's words and tables, to paste elsewhere. */
export function markdownReport(comparison: Comparison): string {
  const { title, command, machine, versions } = comparison;
  const sections = sectionsOf(comparison)
    .filter(({ tables }) => tables.length > 0)
    .flatMap(({ title, text, tables }) => [
      `## ${markdownText(title)}`,
      ...(text === '' ? [] : [markdownText(text)]),
      ...tables.map(markdownTable),
    ]);
  const parts = [
    `# ${markdownText(title)}`,
    markdownText(summaryOf(comparison)),
    `Made by ${markdownCode(command)} on ${machine.cores} cores of ${markdownText(machine.cpu)}, ` +
      `Node.js ${markdownText(versions.node ?? 'unknown')}, engine ${markdownText(versions.engine ?? 'unknown')}.`,
    ...sections,
  ];
  return `${parts.join('\n\n')}\n`;
}
