import type { EpochEntry, StepReport, TrainingHooks } from '@rodpo/recipe';
import { checkpointsOf } from '../run/checkpoints.ts';
import type { Run } from '../run/run.ts';

/** Keeps a stage's training in the run folder, and shows how it goes. */
export function trainingHooks(run: Run, stage: string): TrainingHooks {
  const { reporter } = run;
  const showStep = stepsShown(run);
  return {
    checkpoints: checkpointsOf(run, stage),
    onStep: showStep,
    onResume: ({ epoch, best }, isFinished) => {
      if (!isFinished) return;
      reporter.say(`${stage}: kept from an earlier run (best epoch ${best.epoch} of ${epoch})`);
    },
    onEpoch: async (entry, isBest) => {
      await run.log(entry);
      reporter.say(epochLine(entry, isBest));
    },
  };
}

/** A bar for each epoch, from its first step to its last. */
function stepsShown({ reporter }: Pick<Run, 'reporter'>): (step: StepReport) => void {
  let shown:
    | { bar: ReturnType<typeof reporter.progress>; epoch: number; started: number }
    | undefined;
  let learned = 0;
  let last = performance.now();
  return ({ stage, epoch, tokens, epochTokens, loss }) => {
    if (shown?.epoch !== epoch) {
      const title = `${stage} epoch ${epoch}`;
      shown = { bar: reporter.progress(title, epochTokens, 'examples'), epoch, started: last };
      learned = 0;
    }
    learned += tokens;
    shown.bar.advance(tokens, `loss ${loss.toFixed(4)}`);
    last = performance.now();
    if (learned < epochTokens) return;
    const seconds = (last - shown.started) / 1000;
    shown.bar.done(
      `${stage} epoch ${epoch}: ${seconds.toFixed(1)} s, ${(epochTokens / seconds).toFixed(0)} examples/s`,
    );
  };
}

function epochLine(entry: EpochEntry, isBest: boolean): string {
  const shown = [
    'loss',
    'preference',
    'rewards/accuracies',
    'falseNegativeRate',
    'validation ndcg@10',
  ]
    .filter((name) => entry[name] !== undefined && !Number.isNaN(entry[name]))
    .map((name) => `${name} ${Number(entry[name]).toFixed(4)}`);
  return `  ${shown.join(' · ')}${isBest ? ' (best so far)' : ''}`;
}
