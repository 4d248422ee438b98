import { expect, test } from 'vitest';
import { recommendAll } from '../src/answer/recommend.ts';
import { RequestError } from '../src/answer/request.ts';
import { openBundle } from '../src/open-bundle.ts';
import { openReader } from '../src/reading/history-reader.ts';
import { nativeSessions } from '../src/reading/native-sessions.ts';
import type { OpenSession } from '../src/reading/session.ts';
import { openModel } from '../src/recommender.ts';
import { exported, kinds, timeOf, trained } from './models.ts';
import { smallBundle, vectorOf } from './small-bundle.ts';

const good = { history: ['01', '02', '03'], times: [0, 1, 2].map(timeOf), count: 5 };

test('no time of one request changes the answer to another', async () => {
  const model = await trained(kinds.HM4SR!);
  const recommender = await openBundle(await exported(model), { threads: 1 });
  await model.workspace.dispose();
  const alone = await recommender.recommend(good);
  const beside = (time: number) => ({ history: ['05'], times: [time], count: 5 });
  const { first, last } = recommender.manifest.times!;
  const farthest = first + 2 ** 64 * (last - first);

  for (const far of [beside(farthest), beside(-farthest)]) {
    const [own, other] = await recommender.recommendAll([good, far]);
    expect(own!.items.map(({ id }) => id)).toEqual(alone.items.map(({ id }) => id));
    for (const [at, { score }] of own!.items.entries()) {
      expect(score).toBeCloseTo(alone.items[at]!.score, 5);
    }
    expect(other!.items).toHaveLength(5);
  }
  for (const time of [1.01 * farthest, 1e40, -1e40, 1e300, -1e308]) {
    const asked = recommender.recommendAll([good, beside(time)]);
    await expect(asked).rejects.toThrow(RequestError);
    await expect(asked).rejects.toThrow(
      `requests[1].times must be in the unit of the data, which lie from ${first} to ${last}: got ${time} at 0`,
    );
    expect(() => recommender.check(beside(time), 'mine')).toThrow(/^mine\.times must be in the/);
  }
  await recommender.dispose();
});

/** What is wanted is the vector of the last item; a number that is none spoils its whole row, as attention does. */
const openSpoiling: OpenSession = async () => ({
  tensor: (data) => ({ data }),
  run: async ({ vectors }) => {
    const data = Float32Array.from(vectors!.data as Float32Array);
    const ofRow = 4 * 6;
    for (let from = 0; from < data.length; from += ofRow) {
      const row = data.subarray(from, from + ofRow);
      if (!row.every(Number.isFinite)) row.fill(Number.NaN);
    }
    return { hidden: { data } };
  },
  dispose: async () => {},
});

test('a history that gives no numbers leaves those of its row theirs', async () => {
  const bundle = await smallBundle();
  vectorOf(bundle, 9)[0] = Number.POSITIVE_INFINITY;
  const reader = await openReader(bundle, openSpoiling);
  // Three rows of six tokens: the second history shares one with the first, the fourth one with the third.
  const histories = [
    [1, 2, 3, 4],
    [7, 9],
    [5, 6, 7],
    [9, 8, 4],
    [1, 2, 3, 5],
  ];
  const read = await reader.read(histories.map((items) => ({ items })));

  const of = (history: number) => read.subarray(4 * history, 4 * history + 4);
  for (const history of [0, 2, 4]) {
    expect(of(history)).toEqual(vectorOf(bundle, histories[history]!.at(-1)!));
  }
  for (const history of [1, 3]) expect(of(history).every(Number.isNaN)).toBe(true);
});

test('a history that gives no numbers is answered by popularity, and another by the model', async () => {
  const bundle = await smallBundle();
  vectorOf(bundle, 9)[0] = Number.POSITIVE_INFINITY;
  const native = nativeSessions({ threads: 1 });
  const openSession: OpenSession = (bytes) =>
    bytes === bundle.encoder ? openSpoiling(bytes) : native(bytes);
  const model = await openModel(bundle, { openSession });
  const requests = [['01', '09'], ['01', '05'], []].map((history) => ({
    history,
    exclude: ['09'],
  }));
  const [spoilt, sound, newcomer] = await recommendAll(model, requests);

  expect(sound!.source).toBe('model');
  expect(sound!.items).toHaveLength(10);
  expect(spoilt!.source).toBe('popularity');
  expect(spoilt!.items).toEqual(newcomer!.items.filter(({ id }) => id !== '01'));
  await model.scan.dispose();
  await model.reader.dispose();
});
