import { expect, test, vi } from 'vitest';
import { type Left, othersAtWork } from '../../src/compare/others-at-work.ts';

/** Looks at what is left, one after another; the last of them ends the work. */
function watched(looks: readonly (Partial<Left> | Error)[], busyAt: readonly number[] = []) {
  const drained = new AbortController();
  let seen = 0;
  const waiting = othersAtWork({
    left: async () => {
      const look = looks[seen];
      seen += 1;
      if (seen > looks.length) drained.abort();
      if (look instanceof Error) throw look;
      return { active: 0, waiting: 0, delayed: 0, ...look };
    },
    isBusy: () => busyAt.includes(seen),
    drained: drained.signal,
    pollInterval: 1,
  });
  return waiting.then((count) => ({ count, seen }));
}

test.each([
  ['at once', [{ active: 3 }], 3, 1],
  ['not while something waits', [{ active: 2, waiting: 1 }, { active: 1 }], 1, 2],
  ['nor while something is to be tried again', [{ active: 2, delayed: 1 }, { active: 4 }], 4, 2],
  ['nor by a sum that is none', [{ active: 2, waiting: 1, delayed: 1 }, { active: 5 }], 5, 2],
  ['nor if nobody is at anything', [{}, { active: 6 }], 6, 2],
  ['a look that fails says nothing', [new Error('no connection'), { active: 2 }], 2, 2],
] as [string, (Partial<Left> | Error)[], number, number][])(
  'tells how much others are at: %s',
  async (_, looks, count, seen) => {
    expect(await watched(looks)).toEqual({ count, seen });
  },
);

test('what this process is at itself is no waiting for others', async () => {
  expect(await watched([{ active: 1 }, { active: 1 }, { active: 2 }], [1, 2])).toEqual({
    count: 2,
    seen: 3,
  });
});

test('ends with nothing when all is done, also between two looks', async () => {
  expect(await watched([{ waiting: 1 }, { waiting: 1 }])).toMatchObject({ count: 0 });

  const drained = new AbortController();
  const left = vi.fn(async () => ({ active: 9, waiting: 0, delayed: 0 }));
  const waiting = othersAtWork({ left, isBusy: () => false, drained: drained.signal });
  drained.abort();
  expect(await waiting).toBe(0);
  // Whoever is done before it begins is not asked for anything.
  expect(await othersAtWork({ left, isBusy: () => false, drained: AbortSignal.abort() })).toBe(0);
  expect(left).not.toHaveBeenCalled();
});
