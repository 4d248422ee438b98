import { html, type Markup } from '../../report/html.ts';
import { figure, htmlPage } from '../../report/page.ts';
import { renderer } from '../../report/render-chart.ts';
import { htmlTable } from '../../report/table.ts';
import type { Comparison } from '../comparison.ts';
import { type Section, sectionsOf, summaryOf } from './sections.ts';

/** The report as one page: no script, and nothing that a browser would have to fetch. */
export async function htmlReport(comparison: Comparison): Promise<string> {
  const { title, command, machine, versions, config } = comparison;
  const parts: Markup[] = [];
  const svgOf = await renderer();
  for (const section of sectionsOf(comparison)) {
    const charts: Markup[] = [];
    for (const chart of section.charts)
      charts.push(figure(chart, await svgOf(chart.spec), command));
    parts.push(part(section, charts, command));
  }
  return htmlPage(
    title,
    html`<h1>${title}</h1>
<p>${summaryOf(comparison)}</p>
<p>Made by <code>${command}</code> on ${machine.cores} cores of ${machine.cpu}
(${Math.round(machine.memoryBytes / 2 ** 30)} GiB). All figures are in comparison.json beside this page.</p>
${parts}
<details><summary>Versions</summary><pre>${JSON.stringify(versions, null, 2)}</pre></details>
<details><summary>Config</summary><pre>${JSON.stringify(config, null, 2)}</pre></details>`,
  );
}

function part(
  { title, text, tables }: Section,
  charts: readonly Markup[],
  command: string,
): Markup {
  return html`<section>
<h2>${title}</h2>
${text === '' ? undefined : html`<p>${text}</p>`}
${tables.map(htmlTable)}
${tables.length === 0 ? undefined : html`<p>Tables by <code>${command}</code></p>`}
${charts}
</section>`;
}
