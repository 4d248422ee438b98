import type { EpochEntry } from '@rodpo/recipe';
import type { RuleFigures } from '../ranking/rule-figures.ts';

/** Everything a report says, as plain JSON. Figures are shares of 1, seconds, or bytes. */
export interface Comparison {
  readonly title: string;
  /** The command that made it. */
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryBytes: number };
  readonly dataset: {
    readonly users: number;
    readonly items: number;
    readonly interactions: number;
  };
  /** The comparison's config, as it was read. */
  readonly config: unknown;
  /** Metrics in the order to show them, e.g. `ndcg@5`. Figures have each, and its `masked ndcg@5`. */
  readonly metrics: readonly string[];
  readonly seeds: readonly number[];
  /** What models have to beat, on the data and split of the first encoder. */
  readonly rules: readonly RuleFigures[];
  readonly encoders: readonly EncoderResult[];
  /** The strategy that `againstControl` is about, if there is one. */
  readonly control?: string;
  /** One per encoder and model; `pretrained`, the baseline of each encoder, comes first. */
  readonly cells: readonly Cell[];
  /** What was tried before; the best on validation was taken. Empty without tuning. */
  readonly trials: readonly Trial[];
}

export interface EncoderResult {
  readonly name: string;
  /** Trained parameters, and those that one token uses. */
  readonly parameters: number;
  readonly activeParameters: number;
  /** Floating-point operations to encode one token in inference. */
  readonly flopsPerToken: number;
}

export interface Cell {
  readonly encoder: string;
  /** `pretrained`, or a strategy's name. */
  readonly model: string;
  /** As used, after tuning; absent for `pretrained`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Pool size, if this cell belongs to the pool-size sweep. */
  readonly sweepPoolSize?: number;
  readonly runs: readonly RunResult[];
  /** Over seeds, of the test part. The standard error is null with one seed. */
  readonly test: Readonly<Record<string, Estimate>>;
  readonly validation: Readonly<Record<string, Estimate>>;
  /** Against the same encoder's `pretrained`, over users (figures averaged over seeds first). */
  readonly againstBaseline?: Readonly<Record<string, PairedTest>>;
  /**
   * Against the same encoder's control: the first strategy that trains as long without a preference loss. Absent without
   * one, and for controls.
   */
  readonly againstControl?: Readonly<Record<string, PairedTest>>;
  /**
   * To the gain over the same encoder's `pretrained`, by metric with the history in the ranking. Absent for
   * `pretrained`.
   */
  readonly contributions?: Readonly<Record<string, Contributions>>;
  /** Means over seeds and epochs; null where not known. */
  readonly negatives?: {
    readonly falseNegativeRate: number | null;
    readonly heldOutRate: number;
    readonly historyRate: number;
  };
}

export interface Estimate {
  readonly mean: number;
  readonly standardError: number | null;
}

export interface PairedTest {
  /** Relative gain of the means, as a share; null over a mean of 0. */
  readonly gain: number | null;
  readonly difference: number;
  /** 95 % interval of the difference. */
  readonly interval: readonly [number, number];
  readonly pValue: number;
  /** Holm, over all strategies and encoders of this metric that are tested against the same. */
  readonly adjustedPValue: number;
}

/** To a gain, which they sum to. */
export interface Contributions {
  /** By items of a user's history that no longer stand before the target: with it left out, they gain nothing. */
  readonly history: Contribution;
  readonly others: Contribution;
}

export interface Contribution {
  /** As a share of the baseline's mean; null if that is 0. */
  readonly gain: number | null;
  /** 95 % interval of `gain`, over users (figures averaged over seeds first); null where that is. */
  readonly interval: readonly [number, number] | null;
}

export interface RunResult {
  readonly seed: number;
  readonly test: Readonly<Record<string, number>>;
  readonly validation: Readonly<Record<string, number>>;
  readonly bestEpoch: number;
  /** One line per epoch, as logged: loss, `rewards/margins`, `validation ndcg@10`, seconds, … */
  readonly epochs: readonly EpochEntry[];
  /** NaN if the time of an epoch was lost. */
  readonly trainSeconds: number;
  /** Time to rank every user of the test part once. */
  readonly rankSeconds: number;
  /** How many users of the test part there are: some have nothing held out. */
  readonly rankedUsers: number;
  readonly peakMemoryBytes: number;
}

export interface Trial {
  readonly encoder: string;
  readonly strategy: string;
  readonly settings: Readonly<Record<string, number>>;
  /** Of the metric that selects. */
  readonly validation: number;
  readonly isBest: boolean;
}
