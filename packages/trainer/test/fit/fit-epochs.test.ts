import { type FitOptions, type FitProgress, fit } from '@rodpo/trainer';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** Runs `fit` over these figures, by epoch from 1, and records every call. */
async function record(figures: readonly number[], limits: Partial<FitOptions> = {}) {
  const calls: string[] = [];
  const saved: FitProgress[] = [];
  const best: number[] = [];
  const end = await fit({
    maxEpochs: figures.length,
    patience: Number.POSITIVE_INFINITY,
    trainEpoch: async (epoch) => void calls.push(`train ${epoch}`),
    validate: async (epoch) => {
      calls.push(`validate ${epoch}`);
      return figures[epoch - 1]!;
    },
    onEpoch: async (progress, isBest) => {
      calls.push(`save ${progress.epoch}`);
      saved.push(progress);
      if (isBest) best.push(progress.epoch);
    },
    ...limits,
  });
  return { calls, saved, best, end };
}

test('trains, validates, then saves, one epoch after the other', async () => {
  const { calls, saved, best, end } = await record([0.1, 0.3, 0.2]);

  expect(calls).toEqual(
    [1, 2, 3].flatMap((epoch) => [`train ${epoch}`, `validate ${epoch}`, `save ${epoch}`]),
  );
  expect(saved).toEqual([
    { epoch: 1, best: { epoch: 1, figure: 0.1 } },
    { epoch: 2, best: { epoch: 2, figure: 0.3 } },
    { epoch: 3, best: { epoch: 2, figure: 0.3 } },
  ]);
  expect(best).toEqual([1, 2]);
  expect(end).toEqual(saved.at(-1));
});

test('waits for each call before the next', async () => {
  const calls: string[] = [];
  const slow = (call: string) => async () => {
    calls.push(`${call} begins`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    calls.push(`${call} ends`);
    return 1;
  };
  await fit({
    maxEpochs: 2,
    patience: 5,
    trainEpoch: async () => void (await slow('train')()),
    validate: slow('validate'),
    onEpoch: async () => void (await slow('save')()),
  });

  const epoch = ['train', 'validate', 'save'].flatMap((c) => [`${c} begins`, `${c} ends`]);
  expect(calls).toEqual([...epoch, ...epoch]);
});

test.each([
  { patience: 1, epochs: 3 },
  { patience: 2, epochs: 4 },
  { patience: 3, epochs: 7 },
])('stops $patience epochs after the best', async ({ patience, epochs }) => {
  const figures = [1, 2, 2, 1, 3, 0, 0, 9].slice(0, 7);
  const { end } = await record(figures, { patience });

  expect(end.epoch).toBe(epochs);
});

test('equal figures keep the earlier epoch', async () => {
  const { best, end } = await record([0.5, 0.5, 0.5], { patience: 2 });

  expect(best).toEqual([1]);
  expect(end).toEqual({ epoch: 3, best: { epoch: 1, figure: 0.5 } });
});

test('a figure must exceed the best by more than minDelta', async () => {
  // Against the best, not the last: 0.25 more than 1 is not enough, twice that is.
  const { best, end } = await record([1, 1.25, 1.5, 1.75], { minDelta: 0.25 });

  expect(best).toEqual([1, 3]);
  expect(end.best).toEqual({ epoch: 3, figure: 1.5 });
  expect((await record([1, 1.25, 1.5, 1.75], { minDelta: 0.25, patience: 1 })).end.epoch).toBe(2);
});

test('aborted, it ends before the next epoch, with the reason', async () => {
  const controller = new AbortController();
  const calls: number[] = [];
  const training = record([1, 2, 3], {
    signal: controller.signal,
    onEpoch: async ({ epoch }) => {
      calls.push(epoch);
      if (epoch === 2) controller.abort(new Error('enough'));
    },
  });

  await expect(training).rejects.toThrow('enough');
  expect(calls).toEqual([1, 2]);
});

test('figures may be negative, and onEpoch left out', async () => {
  const figures = [-3, -1, -2];
  const end = await fit({
    maxEpochs: 3,
    patience: 3,
    trainEpoch: async () => {},
    validate: async (epoch) => figures[epoch - 1]!,
  });

  expect(end.best).toEqual({ epoch: 2, figure: -1 });
});

test('goes no further than maxEpochs, and nowhere from 0', async () => {
  expect((await record([1, 2, 3, 4], { maxEpochs: 2 })).end.epoch).toBe(2);
  expect((await record([1], { maxEpochs: 0 })).calls).toEqual([]);
});

test('resumed from any epoch, it visits what an uninterrupted run visits', async () => {
  const anyFigures = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 });

  await fc.assert(
    fc.asyncProperty(anyFigures, fc.integer({ min: 1, max: 4 }), async (figures, patience) => {
      const whole = await record(figures, { patience });

      for (const [index, progress] of whole.saved.entries()) {
        const stored = JSON.parse(JSON.stringify(progress));
        const rest = await record(figures, { patience, progress: stored });

        expect(rest.saved).toEqual(whole.saved.slice(index + 1));
        expect(rest.end).toEqual(whole.end);
      }
    }),
  );
});

test('refuses a figure that is no number, before saving', async () => {
  const failing = record([1, Number.NaN, 2]);

  await expect(failing).rejects.toThrow(RangeError);
  await expect(failing).rejects.toThrow('The validation figure of epoch 2 is NaN');
});

test('passes on what a callback throws', async () => {
  const validate = () => Promise.reject(new Error('no data'));

  await expect(record([1], { validate })).rejects.toThrow('no data');
});

test('rejects limits that make no sense', async () => {
  for (const patience of [0, -1, Number.NaN]) {
    await expect(record([1], { patience })).rejects.toThrow(
      new RangeError(`patience must be at least 1, got ${patience}`),
    );
  }
  await expect(record([1], { maxEpochs: Number.NaN })).rejects.toThrow(RangeError);
  for (const minDelta of [-1, Number.NaN]) {
    await expect(record([1], { minDelta })).rejects.toThrow(
      new RangeError(`minDelta must be a number from 0, got ${minDelta}`),
    );
  }
});
