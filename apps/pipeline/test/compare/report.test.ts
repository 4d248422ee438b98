import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/compare/comparison.ts';
import { writeReport } from '../../src/compare/report/write-report.ts';
import { fakeComparison } from './fake-comparison.ts';

interface Report {
  readonly page: string;
  readonly markdown: string;
  readonly json: string;
}

async function reportOf(comparison: Comparison): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-report-'));
  await writeReport(comparison, folder);
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  return {
    page: await read('report.html'),
    markdown: await read('report.md'),
    json: await read('comparison.json'),
  };
}

const matches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((match) => match[1]!);

const titlesOf = (page: string) => matches(page, /<h2>(.*?)<\/h2>/g);

const chartsOf = (page: string) => matches(page, /<figcaption><strong>(.*?)<\/strong>/g);

/** The picture under a title. */
function chart(page: string, title: string): string {
  const figure = page.split('<figure>').find((part) => part.includes(`<strong>${title}</strong>`));
  expect(figure, title).toBeDefined();
  return figure!.slice(figure!.indexOf('<svg'));
}

/** Cells of a table in Markdown, under the line that names it. */
function rows(markdown: string, caption: string): string[][] {
  const lines = markdown
    .slice(markdown.indexOf(`${caption}`))
    .split('\n')
    .slice(2);
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines
    .slice(0, end)
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

let report: Report;
const comparison = fakeComparison();

let made: Promise<Report>;

// Tests fail if it cannot be made; after a hook for all that throws, they would be passed over.
beforeAll(async () => {
  made = reportOf(comparison);
  await made.catch(() => {});
});

beforeEach(async () => {
  report = await made;
});

test('the figures are there as JSON, whole', () => {
  expect(JSON.parse(report.json)).toEqual(comparison);
});

test('parts in the order of a reader’s questions', () => {
  expect(titlesOf(report.page)).toEqual([
    'Results',
    'Where gains come from',
    'Rules',
    'Encoders',
    'Learning curves',
    'Alignment by epoch',
    'False negatives',
    'Pool size',
    'Routers',
    'Tuning',
    'Details',
  ]);
  expect(chartsOf(report.page)).toEqual([
    'Test ndcg@5',
    'Gain in test ndcg@5 over pretrained',
    'Learning curves of pretraining',
    'Learning curves of alignment',
    'Reward margin of alignment',
    'Reward accuracy of alignment',
    'Drift of the log-likelihood of the chosen item',
    'False negatives drawn',
    'Share of drawn negatives that are false negatives',
    'False negatives and gain',
    'Test ndcg@5 by pool size',
    'False negatives by pool size',
    'Load of the experts (encoder experts, pretraining)',
    'Health of the routers (encoder experts, pretraining)',
  ]);
});

test('what was compared, by which command, on what machine', () => {
  expect(report.page).toContain(
    '4 ways to align, 2 encoders, 3 seeds (1, 2, 3), on 1,997 users, 965 items and 21,678 interactions.',
  );
  expect(report.page).toContain(
    '<code>rodpo compare --config it.json</code> on 2 cores of a CPU\n(24 GiB)',
  );
});

test('results: means with errors, gains with intervals and adjusted p-values', () => {
  const pretrained = comparison.cells[0]!;
  const { mean } = pretrained.test['ndcg@5']!;
  const [head, , baseline, uniform] = rows(report.markdown, 'Test metrics of the encoder dense');

  expect(head).toEqual([
    'model',
    'ndcg@5',
    'mrr@5',
    'false negatives',
    'held out',
    'of the history',
  ]);
  expect(baseline!.map((cell) => cell.replaceAll('*', ''))).toEqual([
    'pretrained',
    `${mean.toFixed(4)} ± 0.0008`,
    `${pretrained.test['mrr@5']!.mean.toFixed(4)} ± 0.0008`,
    '–',
    '–',
    '–',
  ]);
  expect(uniform!.slice(3)).toEqual(['12.3 %', '3.5 %', '0.0 %']);
  const gains = rows(report.markdown, 'Gain over pretrained (encoder dense)');
  const interval = `[+${(0.1 / mean).toFixed(2)} %, +${(0.3 / mean).toFixed(2)} %]`;
  expect(gains[2]!.slice(0, 2)).toEqual(['uniform', `+3.31 % ${interval}, p 0.500`]);
  expect(gains[3]!.slice(0, 2)).toEqual(['stochastic', `**▲ +3.31 % ${interval}, p < 0.001**`]);
});

test('rules that learn nothing stand beside the models, both ways', () => {
  const [head, , ...all] = rows(report.markdown, 'Test metrics of rules that learn nothing');
  const masked = rows(report.markdown, 'rules that learn nothing, the history left out');

  expect(head).toEqual(['rule', 'ndcg@5', 'mrr@5']);
  expect(all).toEqual([
    ['popularity', '0.0123', '0.0101'],
    ['Markov chain', '0.0345', '0.0301'],
  ]);
  expect(masked[3]).toEqual(['Markov chain', '0.0545', '0.0501']);
});

test('the best of each metric is set strong', () => {
  const cells = comparison.cells.filter(
    ({ encoder, sweepPoolSize }) => encoder === 'dense' && sweepPoolSize === undefined,
  );
  const table = rows(report.markdown, 'Test metrics of the encoder dense').slice(2);
  const means = cells.map(({ test }) => test['ndcg@5']!.mean);
  const strong = table.map(([, cell]) => cell!.startsWith('**'));

  expect(strong).toEqual(means.map((mean) => mean === Math.max(...means)));
});

test('pages and Markdown hold the same tables', () => {
  const captions = matches(report.page, /<caption>(.*?)<\/caption>/g);

  expect(captions.length).toBeGreaterThan(9);
  for (const caption of captions) expect(report.markdown).toContain(`${caption}:`);
  const cellCount = report.page.match(/<t[hd][ >]/g)!.length;
  const inMarkdown = report.markdown
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .reduce((total, line) => total + line.split(' | ').length, 0);
  expect(inMarkdown).toBe(cellCount);
});

test('Markdown has the parts that have tables, with their words', () => {
  const paragraphs = report.markdown.split('\n\n');
  const after = (title: string) => paragraphs[paragraphs.indexOf(`## ${title}`) + 1];

  expect(paragraphs.filter((line) => line.startsWith('#'))).toEqual([
    '# A comparison',
    ...[
      'Results',
      'Where gains come from',
      'Rules',
      'Encoders',
      'Pool size',
      'Tuning',
      'Details',
    ].map((title) => `## ${title}`),
  ]);
  expect(after('Results')).toMatch(/^Users are ranked over the whole catalogue, with what/);
  expect(after('Pool size')).toMatch(/^The swept strategy under other pool sizes, .*:$/);
  expect(paragraphs).not.toContain('');
  const section = (title: string) => report.page.split(`<h2>${title}</h2>\n`)[1]!;
  expect(section('Results')).toMatch(/^<p>Users are ranked over/);
  expect(section('Pool size')).not.toMatch(/^<p>/);
});

test('every chart has an axis for what it shows, and marks for what it was given', () => {
  const axes: [string, string][] = [
    ['Test ndcg@5', 'test ndcg@5'],
    ['Gain in test ndcg@5 over pretrained', 'relative gain'],
    ['Reward margin of alignment', 'rewards/margins'],
    ['False negatives and gain', 'share of false negatives'],
    ['Test ndcg@5 by pool size', 'pool size K'],
  ];
  for (const [title, axis] of axes) expect(chart(report.page, title)).toContain(`>${axis}</text>`);
  // Two encoders by two strategies.
  const bars = chart(report.page, 'Share of drawn negatives that are false negatives');
  expect(
    bars
      .match(/class="mark-rect role-mark[^"]*"[^>]*>(<path[^>]*>)+/g)!
      .join('')
      .match(/<path/g),
  ).toHaveLength(4);
  // Two experts by three epochs.
  const load = chart(report.page, 'Load of the experts (encoder experts, pretraining)');
  expect(
    load
      .match(/class="mark-rect role-mark[^"]*"[^>]*>(<path[^>]*>)+/g)!
      .join('')
      .match(/<path/g),
  ).toHaveLength(6);
});

test('a model has the same colour in every chart', () => {
  const curves = chart(report.page, 'Learning curves of alignment');
  const margins = chart(report.page, 'Reward margin of alignment');
  const strokes = (svg: string) =>
    new Set(matches(svg, /stroke="(#[0-9A-Fa-f]{6})" stroke-width="2"/g));

  expect(strokes(curves).size).toBe(2);
  expect(strokes(margins)).toEqual(strokes(curves));
});

test('the page runs no script and loads nothing', () => {
  expect(report.page).not.toMatch(/<script|<link|<img|<iframe|@import|\son\w+=/i);
  expect(report.page).not.toMatch(/(?:src|href)\s*=/);
  expect(
    matches(report.page, /(https?:[^"\s<]*)/g).filter(
      (url) => !url.startsWith('http://www.w3.org/'),
    ),
  ).toEqual([]);
  expect(matches(report.page, /url\(([^)]*)\)/g).filter((url) => !url.startsWith('#'))).toEqual([]);
});

test('names are text, never markup', async () => {
  const name = `<img src=x onerror="alert('1')">|&`;
  const { page, markdown } = await reportOf(fakeComparison({ name }));

  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;|&amp;');
  expect(markdown).not.toContain('">|&');
  expect(markdown).toContain('\\|&');
  expect(markdown).not.toMatch(/(?<!\\)<img/);
});

test('the same comparison gives the same bytes', async () => {
  expect(await reportOf(fakeComparison())).toEqual(report);
});

describe('what a comparison does not have is left out, and nothing is undefined', () => {
  const nothing = /NaN|undefined|Infinity|\[object/;
  test.each([
    ['everything', {}],
    ['one seed', { seeds: [1] }],
    ['real data', { isReal: true }],
    ['nothing to gain a share of', { isFromNothing: true }],
    ['no sweep, tuning or routers', { hasSweep: false, hasTrials: false, hasRouters: false }],
  ])('%s', async (_, traits) => {
    const { page, markdown } = await reportOf(fakeComparison(traits));

    expect(page).not.toMatch(nothing);
    expect(markdown).not.toMatch(nothing);
  });

  test('one seed has no error to show', async () => {
    const { markdown } = await reportOf(fakeComparison({ seeds: [1] }));

    expect(rows(markdown, 'Test metrics of the encoder dense')[2]![1]).toMatch(/^\**0\.\d{4}\**$/);
  });

  test('of real data, the share of held-out items stands in for false negatives', async () => {
    const { page, markdown } = await reportOf(fakeComparison({ isReal: true }));

    expect(chartsOf(page)).toContain('Share of drawn negatives that are held-out items');
    expect(chartsOf(page)).toContain('Held-out items drawn by pool size');
    expect(chartsOf(page)).not.toContain('False negatives drawn');
    expect(rows(markdown, 'Test metrics of the encoder dense')[3]!.slice(3)).toEqual([
      '–',
      '3.5 %',
      '0.0 %',
    ]);
  });

  test('parts', async () => {
    const traits = { hasSweep: false, hasTrials: false, hasRouters: false };
    const { page } = await reportOf(fakeComparison(traits));

    expect(titlesOf(page)).toEqual([
      'Results',
      'Where gains come from',
      'Rules',
      'Encoders',
      'Learning curves',
      'Alignment by epoch',
      'False negatives',
      'Details',
    ]);
  });
});
