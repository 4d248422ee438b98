import { recommend } from '@rodpo/recipe';
import { expectAllClose } from '@rodpo/testing';
import { describe, expect, test } from 'vitest';
import { openBundle } from '../src/open-bundle.ts';
import { exported, idOf, itemCount, kinds, maxLength, timeOf, trained } from './models.ts';
import { openFromAddress } from './open-from-address.ts';

describe.each(Object.entries(kinds))('%s', (_, kind) => {
  test('a bundle answers what the workspace answers, alone, together and in browsers', async () => {
    const model = await trained(kind);
    const folder = await exported(model);
    const bundle = await openBundle(folder, { threads: 1 });
    const page = await openFromAddress(folder);
    // Of every length, longer than the encoder reads among them, in more rows than one batch has.
    const histories = Array.from({ length: 3 * (maxLength + 4) }, (_, user) =>
      Array.from(
        { length: 1 + (user % (maxLength + 4)) },
        (_, at) => (7 * user + 5 * at) % itemCount,
      ),
    );
    const times = (items: readonly number[]) => items.map((_, place) => timeOf(place));
    const expected = await recommend(
      model.workspace,
      model.weights,
      histories.map((items) => ({
        items: Int32Array.from(items),
        times: Float64Array.from(times(items)),
      })),
      itemCount,
    );
    const requests = histories.map((items) => ({
      history: items.map(idOf),
      times: times(items),
      count: itemCount,
    }));
    const together = await bundle.recommendAll(requests);
    const alone = await Promise.all(requests.map((request) => bundle.recommend(request)));
    const inBrowsers = await page.recommendAll(requests);
    await bundle.dispose();
    await page.dispose();
    await model.workspace.dispose();

    for (const [user, { items, scores }] of expected.entries()) {
      for (const answer of [together[user]!, alone[user]!, inBrowsers[user]!]) {
        expect(answer).toMatchObject({ source: 'model', unknown: [] });
        const scoreOf = new Map(answer.items.map(({ id, score }) => [id, score]));
        const own = Array.from(items, (item) => scoreOf.get(idOf(item))!);
        expectAllClose(own, scores, { absolute: 1e-5, relative: 0 });
        const ten = [...items.subarray(0, 10)].map(idOf);
        expect(answer.items.slice(0, 10).map(({ id }) => id)).toEqual(ten);
      }
    }
  });
});
