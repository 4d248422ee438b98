import { expect, test } from 'vitest';
import { checkReport } from '../../src/check/check-report.ts';
import { terminalReport, verdictOf } from '../../src/check/terminal-report.ts';
import { parseConfig } from '../../src/config/config.ts';
import { sizeOf } from '../../src/data/apply-config-steps.ts';
import { dataOf, from2015, sound } from './data-of.ts';

function reportOf(users: readonly (readonly number[])[], timeOf?: (place: number) => number) {
  const dataset = dataOf(users, timeOf);
  const config = parseConfig({ encoder: { maxLength: 3, streams: ['text', 'image'] } }, 'the test');
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
