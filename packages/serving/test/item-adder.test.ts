import { expect, test } from 'vitest';
import { itemAdder } from '../src/adding/item-adder.ts';
import { NewItemError } from '../src/adding/new-item.ts';
import { catalogueOf } from '../src/answer/catalogue.ts';
import { ItemVectors } from '../src/bundle/item-vectors.ts';
import type { OpenSession } from '../src/reading/session.ts';
import { smallBundle, vectorOf } from './small-bundle.ts';

/** An item side that multiplies what is known of an item by ten. */
const openTenfold: OpenSession = async () => ({
  tensor: (data) => ({ data }),
  run: async (inputs) => {
    const data = inputs['features.text.vectors']!.data as Float32Array;
    return { items: { data: data.map((value) => 10 * value) } };
  },
  dispose: async () => {},
});

test('of items that the model makes no finite vector of, none is taken', async () => {
  const plain = await smallBundle();
  const settings = { ...plain.settings, modalities: { text: 4 } };
  const bundle = { ...plain, settings, newItems: new Uint8Array() };
  const [catalogue, vectors] = [catalogueOf(bundle), new ItemVectors(bundle)];
  const adder = itemAdder(bundle, { catalogue, vectors, openSession: openTenfold });
  const itemOf = (id: string, value: number) => {
    return { id, vectors: { text: new Float32Array(4).fill(value) } };
  };
  const refused = adder.add([itemOf('right', 1), itemOf('large', 1e38), itemOf('last', 1)]);

  await expect(refused).rejects.toThrow(NewItemError);
  await expect(refused).rejects.toMatchObject({ problem: 'vectors', id: 'large' });
  await expect(refused).rejects.toThrow(
    /"large" cannot be added: the model makes no finite vector/,
  );
  expect([catalogue.items.length, vectors.count]).toEqual([50, 50]);
  await adder.add([itemOf('right', 1), itemOf('large', 1e37)]);
  expect(vectors.of(51)).toEqual(vectorOf(bundle, 0).map(() => 10 * Math.fround(1e37)));
});
