import type { Reporter } from '../run/reporter.ts';
import { collect } from './collect.ts';
import type { CompareConfig } from './compare-config.ts';
import type { Comparison } from './comparison.ts';
import { openComparison } from './comparison-folder.ts';
import { queueUnits } from './queue-units.ts';
import { runUnits } from './run-units.ts';
import { unitsOf } from './units.ts';

export interface CompareOptions {
  /** What the report says made it. */
  readonly command: string;
  /** Replace a comparison that is there. Default false. */
  readonly fresh?: boolean;
  /** A Redis URL: units are shared with other processes by queues there. */
  readonly queue?: string;
  /** Units that a queue gave up are sent again. Default false. */
  readonly retryFailed?: boolean;
  /** Aborted when the process is asked to end. Default: never. */
  readonly signal?: AbortSignal;
}

/** From a grid of encoders, seeds and strategies to what can be said of them. Read this first. */
export async function compare(
  config: CompareConfig,
  reporter: Reporter,
  { command, queue, ...options }: CompareOptions,
): Promise<Comparison> {
  // Whose results lie there already? A comparison goes on, or grows; it never mixes with another.
  const shared = queue !== undefined;
  const comparison = await openComparison(config, reporter, { ...options, shared });
  try {
    // What is there to do? Data for each encoder, pretraining under each seed, trials of settings
    // on validation, and alignment by each strategy, with the settings that did best for it.
    const units = unitsOf(config.settings);

    // Who does it? This process alone, or all that look at the queue.
    if (queue === undefined) await runUnits(comparison, units);
    else await queueUnits(comparison, units, { queue, ...options });

    // What does it say? Means over seeds, tests over users, rates, curves, times.
    return await collect(comparison, command);
  } finally {
    await comparison.close();
  }
}
