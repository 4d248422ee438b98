// Draws the charts of docs/results/README.md from the tables of the pages, so that a chart shows what a page says.
//
//   pnpm charts
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderer } from '../apps/pipeline/src/report/render-chart.ts';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));

/** Rows of the first table whose heading begins with `first`, by column. */
function tableOf(page, first) {
  const lines = page.split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${first} `));
  if (head < 0) throw new Error(`no table begins with the column '${first}'`);
  const cells = (line) => line.split('|').slice(1, -1).map((cell) => cell.trim()); // biome-ignore format: one step
  const names = cells(lines[head]);
  const end = lines.findIndex((line, at) => at > head && !line.startsWith('|'));
  return lines
    .slice(head + 2, end)
    .map((line) => Object.fromEntries(cells(line).map((cell, at) => [names[at], cell])));
}

/** The number that a cell begins with; signs are those of the pages. */
function numberOf(cell) {
  const found = /^[+−]?\d*\.?\d+/.exec(cell);
  if (!found) throw new Error(`'${cell}' begins with no number`);
  return Number(found[0].replace('−', '-'));
}

/** The same in every chart. */
const colours = {
  pretrained: '#000000',
  'more pretraining': '#767676',
  hardest: '#d55e00',
  'pool of 50': '#0072b2',
  'any item': '#009e73',
};

/** Lines over the candidates of pretraining, which are names: the last is the whole catalogue. */
function overCandidates(rows, { series, title, zero }) {
  const values = rows.flatMap((row) =>
    series.map((name) => ({ x: row.candidates, name, y: numberOf(row[name]) })),
  );
  const x = {
    field: 'x',
    type: 'ordinal',
    sort: null,
    title: 'items that pretraining compares with (of 12,101)',
    axis: { labelAngle: 0 },
  };
  const color = {
    field: 'name',
    type: 'nominal',
    sort: null,
    title: null,
    scale: { domain: series, range: series.map((name) => colours[name]) },
  };
  const y = { field: 'y', type: 'quantitative', title };
  const line = { mark: { type: 'line', point: true }, encoding: { x, y, color } };
  const rule = { mark: { type: 'rule', color: '#999999' }, encoding: { y: { datum: 0 } } };
  return { width: 440, height: 240, data: { values }, layer: zero ? [rule, line] : [line] };
}

/** The figures that gains are of, in place of the gains. */
function withFigures(rows, series) {
  return rows.map((row) => {
    const start = numberOf(row.pretrained);
    const figures = series.map((name) => [name, `${start * (1 + numberOf(row[name]) / 100)}`]);
    return { ...row, ...Object.fromEntries(figures) };
  });
}

const page = readFileSync(`${docs}results/large-catalogues.md`, 'utf8');
const rows = tableOf(page, 'candidates');
const gains = ['more pretraining', 'hardest', 'pool of 50', 'any item'];
const charts = {
  'gain-by-candidates': overCandidates(rows, {
    series: gains,
    title: 'gain in test NDCG@5, %',
    zero: true,
  }),
  'ndcg-by-candidates': overCandidates(withFigures(rows, gains), {
    series: ['pretrained', ...gains],
    title: 'test NDCG@5',
  }),
};
const render = await renderer();
for (const [name, spec] of Object.entries(charts)) {
  writeFileSync(`${docs}images/${name}.svg`, `${await render(spec)}\n`);
}
