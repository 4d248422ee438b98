import { pretrain as pretrainWith, type Weights } from '@rodpo/recipe';
import type { Run } from '../run/run.ts';
import { trainingHooks } from './training-hooks.ts';
import type { RunWorkspace } from './workspace.ts';

/** Teaches the encoder what comes next, by `pretrain.loss`. */
export async function pretrain(run: Run, workspace: RunWorkspace): Promise<Weights> {
  for (const line of workspace.matches) run.reporter.say(line);
  await run.rewind('pretrain');
  const hooks = trainingHooks(run, 'pretrain');
  const { weights } = await pretrainWith(workspace, { ...run.config.pretrain, ...hooks });
  return weights;
}
