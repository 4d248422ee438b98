import type { DatasetSize } from '@rodpo/data';
import { wholeNumber } from '../report/format.ts';
import { html, type Markup } from '../report/html.ts';
import { figure, htmlPage } from '../report/page.ts';
import { renderer } from '../report/render-chart.ts';
import { htmlTable } from '../report/table.ts';
import { checkCharts } from './charts.ts';
import type { CheckReport } from './check-report.ts';
import { factsOf } from './facts.ts';
import { verdictOf } from './terminal-report.ts';

/**
 * The report as one page: no script, and nothing that a browser would have to fetch.
 *
 * @param command that makes it
 */
export async function checkPage(report: CheckReport, command: string): Promise<string> {
  const svgOf = await renderer();
  const charts: Markup[] = [];
  for (const chart of checkCharts(report)) {
    charts.push(figure(chart, await svgOf(chart.spec), command));
  }
  const facts = factsOf(report).map(({ about, says }) => [about, says]);
  return htmlPage(
    'Check of the data',
    html`<h1>Check of the data</h1>
<p>${verdictOf(report)}. Made by <code>${command}</code>, before any training.</p>
${judgementsOf(report)}
<section>
<h2>Data</h2>
${htmlTable(stepTable(report))}
${htmlTable({ caption: 'What the steps kept', columns: ['about', 'what is so'], rows: facts })}
</section>
<section>
<h2>Charts</h2>
${charts}
</section>`,
  );
}

function judgementsOf({ judgements }: CheckReport): Markup {
  const items = judgements.map(
    ({ severity, message }) => html`<li><strong>${severity}</strong>: ${message}</li>`,
  );
  return html`<section>
<h2>Errors and warnings</h2>
${items.length === 0 ? html`<p>None.</p>` : html`<ul>${items}</ul>`}
</section>`;
}

function stepTable({ read, steps }: CheckReport) {
  const row = (name: string, { users, items, interactions }: DatasetSize) => [
    name,
    ...[users, items, interactions].map(wholeNumber),
  ];
  return {
    caption: 'What was read, and what each step kept',
    columns: ['step', 'users', 'items', 'interactions'],
    rows: [row('as read', read.counts), ...steps.map(({ step, counts }) => row(step, counts))],
  };
}
