import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { type Left, othersAtWork, watchOthers } from '../../src/compare/others-at-work.ts';

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

const held = async () => ({ active: 2, waiting: 0, delayed: 0 });

test('who is at a unit waits for nobody; once it is done, or has failed, it does', async () => {
  for (const error of [undefined, new Error('the unit failed')]) {
    const said: number[] = [];
    const others = watchOthers({ left: held, onWaiting: (n) => said.push(n), pollInterval: 1 });
    const busy = others.whileBusy(async () => {
      await sleep(30);
      expect(said).toEqual([]);
      if (error) throw error;
    });
    if (error) await expect(busy).rejects.toBe(error);
    else await busy;

    await vi.waitFor(() => expect(said).toEqual([2]));
    await others.stop();
    expect(said).toEqual([2]);
  }
});

test('who has nothing to do from the beginning says so', async () => {
  const said: number[] = [];
  const others = watchOthers({ left: held, onWaiting: (n) => said.push(n), pollInterval: 1 });

  await vi.waitFor(() => expect(said).toEqual([2]));
  await others.stop();
});

test('a watch that is stopped says nothing, and looks no more', async () => {
  const said: number[] = [];
  const left = vi.fn(held);
  const others = watchOthers({ left, onWaiting: (n) => said.push(n), pollInterval: 20 });
  await others.stop();
  await sleep(40);

  expect(said).toEqual([]);
  expect(left).not.toHaveBeenCalled();
});
