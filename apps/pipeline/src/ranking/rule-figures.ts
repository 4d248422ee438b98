import type { SequenceDataset } from '@rodpo/data';
import { markovRule, popularityRule } from '@rodpo/recipe';
import type { Config } from '../config/config.ts';
import { reportedCutoffs } from '../config/reported-cutoffs.ts';
import { splitOf } from '../data/split-of.ts';
import { bothMetrics } from './both-metrics.ts';

/** What a rule reaches that learns nothing. */
export interface RuleFigures {
  readonly name: string;
  /** Of the test part, as a model's: `ndcg@5` among all items, `masked ndcg@5`. */
  readonly test: Readonly<Record<string, number>>;
}

const rules = { popularity: popularityRule, 'Markov chain': markovRule };

/** The rules on the config's split; none if nobody has a test item. */
export function ruleFigures(
  dataset: SequenceDataset,
  config: Pick<Config, 'split' | 'evaluate'>,
): RuleFigures[] {
  const { train, test } = splitOf(dataset, config.split);
  if (test.length === 0) return [];
  return Object.entries(rules).map(([name, make]) => {
    const ranks = make(train, dataset.itemIds.length).bothRanks(test);
    return { name, test: bothMetrics(ranks, reportedCutoffs(config)) };
  });
}
