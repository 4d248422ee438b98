import { type Answer, openBundle } from '@rodpo/serving';
import { type Command, InvalidArgumentError } from 'commander';
import { textTable } from '../report/text-table.ts';
import type { Context } from './context.ts';
import { parseList } from './export-command.ts';

interface Options {
  readonly bundle: string;
  readonly history?: readonly string[];
  readonly times?: readonly number[];
  readonly count?: number;
  readonly exclude?: readonly string[];
  readonly diversity?: number;
  readonly repeats?: boolean;
  readonly approximate?: boolean;
  readonly json?: boolean;
}

/** `rodpo recommend`: what a bundle answers to one history. */
export function addRecommend(program: Command, { reporter }: Context): void {
  program
    .command('recommend')
    .description('what a bundle recommends after a history')
    .requiredOption('--bundle <folder>', "what 'rodpo export' wrote")
    .option(
      '--history <ids>',
      'what was chosen, oldest first: a,b,c; without it, the popular',
      parseList,
    )
    .option('--times <numbers>', 'when, for encoders that read times: 10,20,30', parseNumbers)
    .option('--count <number>', 'how many items', parseNumber)
    .option('--exclude <ids>', 'items that must not come', parseList)
    .option('--diversity <share>', 'from 0, by score alone, to 1, by difference alone', parseNumber)
    .option('--repeats', 'items of the history may come again')
    .option('--approximate', "ask the bundle's index in place of every item")
    .option('--json', 'print the answer as JSON, and nothing else')
    .action(async ({ bundle, approximate = false, json = false, ...request }: Options) => {
      const recommender = await openBundle(bundle, {
        index: approximate ? 'approximate' : 'exact',
      });
      try {
        const answer = await recommender.recommend(request);
        reporter.print(json ? JSON.stringify(answer, null, 2) : answerText(answer));
      } finally {
        await recommender.dispose();
      }
    });
}

function answerText({ items, source, unknown }: Answer): string {
  const rows = items.map(({ id, title = '', score }, place) => [
    `${place + 1}`,
    shown(id),
    shown(title),
    source === 'model' ? score.toFixed(4) : `${score}`,
  ]);
  const columns = ['', 'id', 'title', source === 'model' ? 'score' : 'chosen'];
  return [
    textTable({ columns, rows, left: [1, 2] }),
    ...(source === 'popularity' ? ['Nothing is known of the history: these are the popular.'] : []),
    ...(unknown.length > 0 ? [`Not in the bundle: ${unknown.map(shown).join(', ')}`] : []),
  ].join('\n');
}

/** Nothing of a catalogue's text that a terminal would act on, and one line of it. */
function shown(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function parseNumber(value: string): number {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isNaN(number)) return number;
  throw new InvalidArgumentError('Expected a number.');
}

function parseNumbers(value: string): number[] {
  return parseList(value).map(parseNumber);
}
