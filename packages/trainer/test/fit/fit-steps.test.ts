import { isActionable } from '@rodpo/errors';
import { deriveSeed } from '@rodpo/random';
import '@rodpo/testing/tfjs';
import {
  type Checkpoint,
  type FitCallbacks,
  fit,
  memoryCheckpoints,
  type StepPlace,
} from '@rodpo/trainer';
import { expect, test } from 'vitest';
import { batchesPerEpoch, type TinyBatch, tinyTraining, trainTiny } from './tiny-training.ts';

/** Tells every event of a training. */
function recorder(): { events: string[]; callbacks: FitCallbacks } {
  const events: string[] = [];
  const callbacks: FitCallbacks = {
    onStart: ({ totalStep }) => void events.push(`start ${totalStep}`),
    onStep: ({ progress: { step, totalStep } }) => void events.push(`step ${step} ${totalStep}`),
    onEpoch: ({ progress: { epoch }, isBest }) => void events.push(`epoch ${epoch} ${isBest}`),
    onSave: ({ epoch, step }) => void events.push(`save ${epoch} ${step}`),
    onEnd: ({ totalStep }) => void events.push(`end ${totalStep}`),
  };
  return { events, callbacks };
}

test('calls back in the order in which things are done, and awaits it', async () => {
  const { events, callbacks } = recorder();
  const slow: FitCallbacks = {
    onStep: () => new Promise((resolve) => setTimeout(resolve, 1)),
    onSave: async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      events.push('saved');
    },
  };
  await trainTiny(memoryCheckpoints(), { maxEpochs: 1 }, [callbacks, slow]);

  expect(events).toEqual([
    'start 0',
    ...['step 1 1', 'step 2 2', 'step 3 3', 'save 0 3', 'saved', 'step 4 4'],
    ...['epoch 1 true', 'save 1 0', 'saved', 'end 4'],
  ]);
});

test('gives every step its place, and every epoch an order of its own', async () => {
  const places: StepPlace[] = [];
  const rows: number[][] = [];
  const tiny = tinyTraining();
  await trainTiny(memoryCheckpoints(), {
    maxEpochs: 2,
    trainStep: async (batch, place) => {
      places.push(place);
      rows.push([...batch.rows]);
      return tiny.trainStep(batch, place);
    },
  });

  const seeds = [1, 2].map((epoch) => deriveSeed(5, 'epoch', epoch));
  expect(places).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((totalStep) => {
      const epoch = totalStep < batchesPerEpoch ? 1 : 2;
      return { epoch, seed: seeds[epoch - 1], step: totalStep % batchesPerEpoch, totalStep };
    }),
  );
  expect(rows.slice(0, 4).flat()).not.toEqual(rows.slice(4).flat());
  expect(rows.slice(0, 4).flat().sort()).toEqual(rows.slice(4).flat().sort());
});

test('an epoch may be given its seed, and its batches may come over time', async () => {
  const seeds: number[] = [];
  const { totalStep } = await trainTiny(memoryCheckpoints(), {
    maxEpochs: 2,
    epochSeed: (epoch) => epoch * 100,
    batches: async function* ({ seed }) {
      seeds.push(seed);
      yield { rows: Int32Array.of(0, 1) };
    },
  });

  expect(seeds).toEqual([100, 200]);
  expect(totalStep).toBe(2);
});

test('means of an epoch are weighted', async () => {
  const means: unknown[] = [];
  await fit({
    seed: 1,
    maxEpochs: 1,
    patience: 1,
    program: tinyTraining().program,
    batches: () => [1, 2, 3],
    weightOf: (batch) => batch,
    trainStep: async (batch) => ({ loss: 10 * batch, constant: 7 }),
    validate: async () => 0,
    callbacks: [{ onEpoch: ({ figures }) => void means.push(figures) }],
  });

  // (1 · 10 + 2 · 20 + 3 · 30) / 6
  expect(means).toEqual([{ loss: 140 / 6, constant: 7 }]);
});

/** Stops a training after some steps, as a kill would: what was not saved is lost. */
const crash = (after: number): FitCallbacks => ({
  onStep: ({ progress: { totalStep } }) => {
    if (totalStep === after) throw new Error('crash');
  },
});

test('stopped anywhere and called again, it ends with the bits of a whole run', async () => {
  const whole = memoryCheckpoints();
  const end = await trainTiny(whole);
  const expected = [await whole.load(), await whole.loadBest()];
  expect(end.totalStep).toBe(16);
  expect(expected.map((saved) => saved!.progress.epoch)).toEqual([4, 3]);
  expect(expected[1]!.state).not.toEqual(expected[0]!.state);

  for (let after = 1; after <= 16; after++) {
    const checkpoints = memoryCheckpoints();
    await expect(trainTiny(checkpoints, {}, [crash(after)])).rejects.toThrow('crash');
    const { events, callbacks } = recorder();
    // Saved after steps 3, 4, 7, 8, …: the third of an epoch and its end.
    const saved = after - 1 - ((after - 1) % 4 === 3 ? 0 : (after - 1) % 4);

    expect(await trainTiny(checkpoints, {}, [callbacks])).toEqual(end);
    expect(events[0]).toBe(`start ${saved}`);
    expect([await checkpoints.load(), await checkpoints.loadBest()]).toEqual(expected);
  }
});

test('a training that has ended is not trained again', async () => {
  const checkpoints = memoryCheckpoints();
  const end = await trainTiny(checkpoints);
  const { events, callbacks } = recorder();

  expect(await trainTiny(checkpoints, {}, [callbacks])).toEqual(end);
  expect(events).toEqual(['start 16', 'end 16']);
});

test('aborted, it saves the step it is at, and goes on from there', async () => {
  const whole = memoryCheckpoints();
  const end = await trainTiny(whole);
  const checkpoints = memoryCheckpoints();
  const controller = new AbortController();
  const { events, callbacks } = recorder();
  const abort: FitCallbacks = {
    onStep: ({ progress }) => {
      if (progress.totalStep === 6) controller.abort(new Error('enough'));
    },
  };
  const aborted = trainTiny(checkpoints, { signal: controller.signal }, [callbacks, abort]);

  await expect(aborted).rejects.toThrow('enough');
  expect(events.slice(-3)).toEqual(['step 2 6', 'save 1 2', 'end 6']);
  expect(await trainTiny(checkpoints)).toEqual(end);
  expect(await checkpoints.load()).toEqual(await whole.load());
});

test('aborted before it starts, it does nothing', async () => {
  const training = trainTiny(memoryCheckpoints(), { signal: AbortSignal.abort(new Error('no')) });

  await expect(training).rejects.toThrow('no');
});

test('without checkpoints, and with minDelta', async () => {
  const figures = [1, 1.25, 1.5];
  const { best, epoch } = await fit({
    ...tinyTraining(),
    seed: 1,
    maxEpochs: 3,
    patience: 2,
    minDelta: 0.25,
    validate: async (at) => figures[at - 1]!,
  });

  expect(epoch).toBe(3);
  expect(best).toEqual({ epoch: 3, figure: 1.5 });
});

const saved = async (): Promise<Checkpoint> => {
  const checkpoints = memoryCheckpoints();
  await trainTiny(checkpoints, {}, [crash(4)]).catch(() => undefined);
  return (await checkpoints.load())!;
};

test.each([
  [
    { seed: 6 },
    'The checkpoint is of a training with seed 5, this one has seed 6: its batches come in ' +
      'another order. Go on with seed 5, or train anew in another place.',
  ],
  [
    { batches: () => [{ rows: Int32Array.of(1) }] },
    'The checkpoint is of step 3 of epoch 1, which has 1 batches: the data or the size of ' +
      'batches are not what they were. Give the same ones.',
  ],
])('refuses to go on with %o', async (options, message) => {
  const checkpoints = memoryCheckpoints();
  await checkpoints.save(await saved());
  const error = await trainTiny(checkpoints, options).catch((caught: unknown) => caught);

  expect(error).toEqual(new RangeError(message));
  expect(isActionable(error)).toBe(true);
});

test.each([
  [{ batches: () => [] as TinyBatch[] }, 'Epoch 1 has no batches to train on.'],
  [
    { trainStep: async () => ({ loss: Number.NaN, noise: 0 }) },
    'The loss became NaN in step 1 of epoch 1: training has diverged. ' +
      'Lower the learning rate or clip the gradients, and check the data.',
  ],
  [{ validate: async () => Number.NaN }, 'The validation figure of epoch 1 is NaN'],
  [{ saveEverySteps: 0 }, 'saveEverySteps must be a positive integer, got 0'],
  [{ seed: 1.5 }, 'seed must be an integer, got 1.5'],
  [{ patience: 0 }, 'patience must be at least 1, got 0'],
])('refuses %o, and ends', async (options, message) => {
  const { events, callbacks } = recorder();
  const training = trainTiny(memoryCheckpoints(), options, [callbacks]);

  await expect(training).rejects.toThrow(message);
  if (events.length > 0) expect(events.at(-1)).toMatch(/^end/);
});

test('a figure other than the loss may be no number', async () => {
  const { totalStep } = await trainTiny(memoryCheckpoints(), {
    maxEpochs: 1,
    trainStep: async () => ({ loss: 1, noise: Number.NaN }),
  });

  expect(totalStep).toBe(4);
});
