import type { DatasetSize, SequenceDataset, TableReport } from '@rodpo/data';
import type { Config } from '../config/config.ts';
import { strategyProblems } from '../config/config-problems.ts';
import type { Modality } from '../config/feature-settings.ts';
import type { Judgement } from '../config/judgement.ts';
import { missingStreams } from '../config/missing-streams.ts';
import { type KeptData, sizeOf } from '../data/apply-config-steps.ts';
import { judgeMatch, type KnownItems } from '../features/match-items.ts';
import { type RuleFigures, ruleFigures } from '../ranking/rule-figures.ts';
import { countRepeats, type Repeats } from './count-repeats.ts';
import { type DatasetFigures, datasetFigures } from './dataset-figures.ts';
import { judgeDataset } from './judge-dataset.ts';

/** What data and config are before any training: figures, and what they mean. Plain values. */
export interface CheckReport extends DatasetFigures {
  readonly source: Config['data']['source'];
  /** What the table held; null for other sources. */
  readonly table: TableFigures | null;
  /** What was read, before any step. */
  readonly read: { readonly counts: DatasetSize; readonly repeats: Repeats };
  /** What each step kept, in words and counts; the last one's are `counts`. */
  readonly steps: KeptData['steps'];
  /** What a model has to beat; none where nothing is to be ranked. */
  readonly rules: readonly RuleFigures[];
  readonly modalities: readonly ModalityFigures[];
  /** Errors first. */
  readonly judgements: readonly Judgement[];
}

interface TableFigures extends Omit<TableReport, 'files'> {
  readonly files: number;
}

interface ModalityFigures {
  readonly modality: Modality;
  /** Whether a store was asked, or what it will be made from. */
  readonly from: KnownModality['from'];
  /** Items of the data that have it. */
  readonly matched: number;
}

/** What is known of a modality before it is read by the encoder. */
export interface KnownModality {
  readonly modality: Modality;
  readonly from: 'store' | 'vectors' | 'catalogue';
  readonly items: KnownItems;
}

export interface CheckInput {
  /** As it was read. */
  readonly read: SequenceDataset;
  /** What was read of a table, where the source is one. */
  readonly table?: TableReport | undefined;
  /** What the steps kept of it: one interaction at least. */
  readonly kept: KeptData;
  /** Those that the config asks for. */
  readonly modalities: readonly KnownModality[];
}

/** The report on data and config; reads and writes nothing. */
export function checkReport(
  { read, table, kept: { dataset, steps }, modalities }: CheckInput,
  config: Config,
): CheckReport {
  const figures = datasetFigures(dataset, config);
  const matches = modalities.map(({ modality, from, items }) => {
    const match = judgeMatch(dataset.itemIds, { modality, store: items });
    return { modality, from, ...match };
  });
  const judgements = [
    ...judgeDataset(figures, config),
    ...missingStreams(config).map((message) => ({ severity: 'error', message }) as const),
    ...strategyProblems(config, figures.counts.items).map(
      (problem) =>
        ({ severity: 'error', message: `The config does not fit: ${problem}.` }) as const,
    ),
    ...matches.flatMap((match) => match.judgements),
  ];
  return {
    source: config.data.source,
    table: table ? { ...table, files: table.files.length } : null,
    read: { counts: sizeOf(read), repeats: countRepeats(read) },
    steps,
    ...figures,
    rules: ruleFigures(dataset, config),
    modalities: matches.map(({ judgements: _, ...match }) => match),
    judgements: distinct(judgements).sort((a, b) => a.severity.localeCompare(b.severity)),
  };
}

/** One catalogue may be judged once for each modality. */
function distinct(judgements: readonly Judgement[]): Judgement[] {
  return [...new Map(judgements.map((judgement) => [judgement.message, judgement])).values()];
}
