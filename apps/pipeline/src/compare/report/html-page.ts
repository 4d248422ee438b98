import type { Comparison } from '../comparison.ts';
import type { Chart } from './charts/chart.ts';
import { renderer } from './charts/render.ts';
import { html, type Markup } from './html.ts';
import { type Section, sectionsOf, summaryOf } from './sections.ts';
import { htmlTable } from './table.ts';

const style = `
body { color: #1a1a1a; background: white; font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
h2 { border-bottom: 1px solid #cccccc; margin-top: 2.5rem; padding-bottom: .2rem }
code, pre { background: #f4f4f4; font: 13px/1.4 ui-monospace, monospace; padding: .1em .3em }
pre { overflow-x: auto; padding: .8rem }
.wide { overflow-x: auto; margin: 1rem 0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px }
caption { caption-side: top; font-weight: 600; padding-bottom: .3rem; text-align: left }
th, td { border-bottom: 1px solid #e5e5e5; padding: .25rem .6rem; text-align: right; vertical-align: top }
th:first-child { text-align: left }
thead th { border-bottom: 1px solid #777777 }
figure { margin: 1.5rem 0; break-inside: avoid; overflow-x: auto }
figcaption strong { display: block }
figcaption { font-size: 13px; margin-bottom: .4rem }
`;

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
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<h1>${title}</h1>
<p>${summaryOf(comparison)}</p>
<p>Made by <code>${command}</code> on ${machine.cores} cores of ${machine.cpu}
(${Math.round(machine.memoryBytes / 2 ** 30)} GiB). All figures are in comparison.json beside this page.</p>
${parts}
<details><summary>Versions</summary><pre>${JSON.stringify(versions, null, 2)}</pre></details>
<details><summary>Config</summary><pre>${JSON.stringify(config, null, 2)}</pre></details>
</body>
</html>
`;
  return page.markup;
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

function figure({ title, aid }: Chart, svg: string, command: string): Markup {
  return html`<figure>
<figcaption><strong>${title}</strong> ${aid} By <code>${command}</code></figcaption>
<div role="img" aria-label="${title}">${{ markup: svg }}</div>
</figure>`;
}
