import { expect, test } from 'vitest';
import { checkCharts } from '../../src/check/charts.ts';
import { checkReport } from '../../src/check/check-report.ts';
import { terminalReport, verdictOf } from '../../src/check/terminal-report.ts';
import { parseConfig } from '../../src/config/config.ts';
import { sizeOf } from '../../src/data/apply-config-steps.ts';
import { control, dataOf, from2015, sound } from './data-of.ts';

function reportOf(users: readonly (readonly number[])[], timeOf?: (place: number) => number) {
  const dataset = dataOf(users, timeOf);
  const encoder = { maxLength: 3, streams: ['text', 'image'] };
  const config = parseConfig({ encoder, align: control }, 'the test');
  const steps = [{ step: 'all', counts: sizeOf(dataset) }];
  const none = { has: () => false, ids: () => [].values(), failures: [] };
  const modalities = (['text', 'image'] as const).map((modality) => {
    return { modality, from: 'catalogue' as const, items: none };
  });
  return checkReport({ read: dataset, kept: { dataset, steps }, modalities }, config);
}

/** Everything is wrong with them: repeats, ties, dates, lengths, rare and unseen items, no vectors. */
const bad = () =>
  reportOf(
    [
      [0, 0, 1, 2, 3, 4],
      [5, 5, 6, 7, 8, 9],
    ],
    (place) => (place < 3 ? 0 : 1e12 + 5),
  );

test('whatever is wrong, the report fits one page of 80 columns', () => {
  const report = bad();
  const lines = terminalReport(report).split('\n');

  expect(report.judgements.length).toBeGreaterThanOrEqual(10);
  expect(lines.length).toBeLessThanOrEqual(66);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test('what rules reach is told both ways, where anything is ranked', () => {
  const text = terminalReport(reportOf(sound)).replaceAll(/\n +/g, ' ');

  // All five items are as popular, one of them the target, four the history; each follows the one before it.
  expect(text).toContain(
    'NDCG@10: popularity 0.3869 (history left out 1.0000), Markov chain 1.0000 (history left out 1.0000)',
  );
  expect(terminalReport(reportOf([[0, 1], [1]]))).not.toContain('to beat');
});

test('errors come first, and their number last', () => {
  const { judgements } = bad();
  const severities = judgements.map(({ severity }) => severity);

  expect(severities).toEqual(severities.toSorted());
  expect(terminalReport(bad())).toMatch(/\n4 errors, \d warnings$/);
  expect(verdictOf({ judgements: [{ severity: 'error', message: '' }] })).toBe(
    '1 error, no warnings',
  );
});

test('users by length and interactions over time are bars, the most of them the highest', () => {
  const text = terminalReport(reportOf([...sound, [0, 1, 2]], from2015));

  expect(text).toMatch(/\nusers +▂█ by length, 3 to 5\n/);
  expect(text).toMatch(/\nactivity +█ {11}█ {11}█.* over time\n/);
  expect(terminalReport(reportOf(sound))).not.toContain('over time');
});

test('a step of many words does not move the columns', () => {
  const report = reportOf(sound);
  const counts = { users: 1234, items: 5, interactions: 25 };
  const steps = ['x'.repeat(60), 'short'].map((step) => ({ step, counts }));
  const [head, , long, short] = terminalReport({ ...report, steps }).split('\n');

  expect(long).toBe(`${'x'.repeat(39)} ${short!.slice(40)}`);
  expect(short).toMatch(/^short {35} +1,234 +5 +25$/);
  expect([head, long, short].map((line) => line!.length)).toEqual([79, 79, 79]);
});

test('lengths and popularity are drawn, and times where they are known', () => {
  const drawn = (report: ReturnType<typeof reportOf>) =>
    checkCharts(report).map(({ title, spec }) => [title, (spec.data as { values: [] }).values]);
  const [timed, plain] = [reportOf(sound, from2015), reportOf(sound)];
  const known = [
    ['Lengths of sequences', [{ length: '4–5', users: 5 }]],
    ['Popularity of items', plain.popularity.curve],
  ];

  expect(drawn(plain)).toEqual(known);
  expect(drawn(timed)).toEqual([...known, ['Interactions over time', timed.times!.activity]]);
  const fields = checkCharts(timed).map(({ spec }) =>
    Object.entries((spec as never as { encoding: object }).encoding).map(
      ([axis, { field, type }]) => [axis, field, type].join(' '),
    ),
  );
  expect(fields).toEqual([
    ['x length ordinal', 'y users quantitative'],
    ['x rank quantitative', 'y interactions quantitative'],
    ['x from ordinal', 'y interactions quantitative'],
  ]);
  // Dates are written without their hour, numbers as they are.
  const axis = (report: typeof timed) => JSON.stringify(checkCharts(report).at(-1)!.spec);
  expect(axis(timed)).toContain('slice(datum.value, 0, 10)');
  expect(axis(reportOf(sound, (place) => place))).not.toContain('labelExpr');
});

test('few items are points on their line, many are a line alone', () => {
  const curveOf = (length: number) => {
    const report = reportOf(sound);
    const curve = Array.from({ length }, (_, index) => ({ rank: index + 1, interactions: 1 }));
    return checkCharts({ ...report, popularity: { ...report.popularity, curve } })[1]!.spec;
  };

  expect(curveOf(49)).toMatchObject({ mark: { point: true } });
  expect(curveOf(50)).toMatchObject({ mark: { point: false } });
});
