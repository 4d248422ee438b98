import type { EpochEntry, TrainingHooks } from '@rodpo/recipe';
import { checkpointsOf } from '../run/checkpoints.ts';
import type { Run } from '../run/run.ts';

/** Keeps a stage's training in the run folder, and shows how it goes. */
export function trainingHooks(run: Run, stage: string): TrainingHooks {
  const { reporter } = run;
  let bar: ReturnType<typeof reporter.progress> | undefined;
  return {
    checkpoints: checkpointsOf(run, stage),
    onNotice: (sentence) => reporter.say(sentence),
    onStep: ({ epoch, tokens, epochTokens, loss }) => {
      bar ??= reporter.progress(`${stage} epoch ${epoch}`, epochTokens, 'examples');
      bar.advance(tokens, `loss ${loss.toFixed(4)}`);
    },
    onResume: ({ epoch, best }, isFinished) => {
      if (!isFinished) return;
      reporter.say(`${stage}: kept from an earlier run (best epoch ${best.epoch} of ${epoch})`);
    },
    onEpoch: async (entry, isBest) => {
      await run.log(entry);
      bar?.done(paceLine(entry));
      bar = undefined;
      reporter.say(epochLine(entry, isBest));
    },
  };
}

function paceLine({ stage, epoch, seconds, examplesPerSecond }: EpochEntry): string {
  const [time, pace] = [Number(seconds).toFixed(1), Number(examplesPerSecond).toFixed(0)];
  return `${stage} epoch ${epoch}: ${time} s, ${pace} examples/s`;
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
