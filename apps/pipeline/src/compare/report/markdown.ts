import type { Comparison } from '../comparison.ts';
import { sectionsOf, summaryOf } from './sections.ts';
import { markdownTable } from './table.ts';

/** The report's words and tables, to paste elsewhere. */
export function markdownReport(comparison: Comparison): string {
  const { title, command, machine, versions } = comparison;
  const sections = sectionsOf(comparison)
    .filter(({ tables }) => tables.length > 0)
    .flatMap(({ title, text, tables }) => [
      `## ${title}`,
      ...(text === '' ? [] : [text]),
      ...tables.map(markdownTable),
    ]);
  const parts = [
    `# ${title}`,
    summaryOf(comparison),
    `Made by \`${command}\` on ${machine.cores} cores of ${machine.cpu}, Node.js ${versions.node}, ` +
      `engine ${versions.engine}.`,
    ...sections,
  ];
  return `${parts.join('\n\n')}\n`;
}
