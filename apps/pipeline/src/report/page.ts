import type { Chart } from './chart.ts';
import { html, type Markup } from './html.ts';

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

/** A page that needs nothing else: no script, and nothing that a browser would have to fetch. */
export function htmlPage(title: string, body: Markup): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${body}
</body>
</html>
`;
  return page.markup;
}

/** A chart that was drawn, with the words that describe it and the command that makes it. */
export function figure({ title, aid }: Chart, svg: string, command: string): Markup {
  return html`<figure>
<figcaption><strong>${title}</strong> ${aid} By <code>${command}</code></figcaption>
<div role="img" aria-label="${title}">${{ markup: svg }}</div>
</figure>`;
}
