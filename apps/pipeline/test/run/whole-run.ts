import type { Config } from '../../src/config/config.ts';
import { openRun } from '../../src/run/run.ts';
import type { Summary } from '../../src/stages/evaluate.ts';
import { runPipeline } from '../../src/stages/pipeline.ts';
import { silent } from '../tiny-run.ts';

/** Everything small, with a store of texts: every kind of file that a run leaves. */
export const wholeRun: Record<string, object> = {
  data: { userCount: 80, itemCount: 60 },
  features: { text: { encoder: 'tfidf', dimension: 8 }, shardSize: 25 },
  encoder: { streams: ['id', 'text'] },
};

/** The summary of all stages; the run is closed whatever happens. */
export async function summaryOf(config: Config): Promise<Summary> {
  const run = await openRun(config, silent);
  try {
    return await runPipeline(run);
  } finally {
    await run.close();
  }
}
