import type { Weights } from '@rodpo/recipe';
import { requireStrategies } from '../config/require-strategies.ts';
import type { Run } from '../run/run.ts';
import { align } from './align.ts';
import { evaluate, type Summary } from './evaluate.ts';
import { extractFeatures } from './extract.ts';
import { prepare } from './prepare.ts';
import { pretrain } from './pretrain.ts';
import { withWorkspace } from './workspace.ts';

/** From raw interactions to a compared, aligned recommender. Read this file first. */
export async function runPipeline(run: Run): Promise<Summary> {
  // Who chose what, in what order; the last two choices of every user are held out.
  const dataset = await prepare(run);
  // Alignment comes last: what it could not draw is told before anything is learnt.
  requireStrategies(run.config, dataset.itemIds.length);

  // What does every item look like, how does it read? Only if the config asks; kept in stores.
  await extractFeatures(run);

  return withWorkspace(run, dataset, async (workspace) => {
    // What comes next? Cross-entropy over the whole catalogue, at every position.
    const pretrained = await pretrain(run, workspace);

    // Which of two items is better? DPO against the frozen pretrained model, once per way of
    // drawing the rejected item: from everywhere, the hardest, or at random from the top-K pool.
    const models: Record<string, Weights> = { pretrained };
    for (const strategy of run.config.align.strategies) {
      models[strategy.name] = await align(run, workspace, pretrained, strategy);
    }

    // Where does each model rank the item that every user chose last?
    return evaluate(run, workspace, models);
  });
}
