import type { DatasetSize } from '@rodpo/data';
import { wholeNumber } from '../report/format.ts';
import type { CheckReport } from './check-report.ts';
import { factsOf } from './facts.ts';

/** Columns of a terminal that can be counted on. */
const width = 80;

/** The report as text: it fits one page. */
export function terminalReport(report: CheckReport): string {
  const facts = factsOf(report).flatMap(({ about, says }) => entry(about, says));
  return [
    ...stepLines(report),
    '',
    ...facts,
    ...sparkLines(report),
    '',
    ...report.judgements.flatMap(({ severity, message }) =>
      entry(severity.toUpperCase(), message.replaceAll('\n', ' ')),
    ),
    verdictOf(report),
  ].join('\n');
}

/** `1 error, 2 warnings`. */
export function verdictOf({ judgements }: Pick<CheckReport, 'judgements'>): string {
  const errors = judgements.filter(({ severity }) => severity === 'error').length;
  const warnings = judgements.length - errors;
  const named = (count: number, name: string) =>
    `${count === 0 ? 'no' : count} ${name}${count === 1 ? '' : 's'}`;
  return `${named(errors, 'error')}, ${named(warnings, 'warning')}`;
}

function stepLines({ read, steps }: CheckReport): string[] {
  const line = (name: string, cells: readonly string[]) =>
    name.slice(0, 39).padEnd(40) + cells.map((cell) => cell.padStart(13)).join('');
  const cellsOf = ({ users, items, interactions }: DatasetSize) =>
    [users, items, interactions].map(wholeNumber);
  return [
    line('', ['users', 'items', 'interactions']),
    line('as read', cellsOf(read.counts)),
    ...steps.map(({ step, counts }) => line(step, cellsOf(counts))),
  ];
}

function sparkLines({ lengths, times }: CheckReport): string[] {
  const { histogram } = lengths;
  const users = histogram.map((one) => one.users);
  return [
    ...entry('users', `${sparks(users)} by length, ${lengths.min} to ${lengths.max}`),
    ...(times
      ? entry('activity', `${sparks(times.activity.map((one) => one.interactions))} over time`)
      : []),
  ];
}

const levels = ' ▁▂▃▄▅▆▇█';

/** A bar for each value; what is not nothing can be seen. */
function sparks(values: readonly number[]): string {
  const most = Math.max(...values);
  return values
    .map((value) => levels[value === 0 ? 0 : Math.max(1, Math.round((8 * value) / most))])
    .join('');
}

const indent = 12;

/** A name and its text, in lines that begin below one another. */
function entry(name: string, text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    const isFull = indent + line.length + 1 + word.length > width;
    if (line !== '' && isFull) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line, index) => (index === 0 ? name : '').padEnd(indent) + line);
}
