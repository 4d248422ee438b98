import { seededRandom } from '@rodpo/random';
import {
  categories,
  colours,
  type Product,
  renderProduct,
  simulateStorefront,
} from '@rodpo/simulator';
import sharp from 'sharp';
import { expect, test } from 'vitest';

const options = { userCount: 1, itemCount: 60 };
const { products } = simulateStorefront(options, seededRandom(6));
const product = products[0]!;

function like(change: Partial<Product['attributes']>, id: string = product.id): Product {
  return { ...product, id, attributes: { ...product.attributes, ...change } };
}

/** Pixels of a picture: `[32 * 32 * 3]`, 0 to 255. */
async function pixels(some: Product): Promise<Uint8Array> {
  return sharp(Buffer.from(renderProduct(some)))
    .resize(32, 32)
    .removeAlpha()
    .raw()
    .toBuffer();
}

/** Mean absolute difference per channel, 0 to 255. */
async function difference(one: Product, other: Product): Promise<number> {
  const [left, right] = [await pixels(one), await pixels(other)];
  return left.reduce((sum, value, index) => sum + Math.abs(value - right[index]!), 0) / left.length;
}

test('equal products give equal pictures; another id varies the same picture', async () => {
  const other = { ...product, id: 'P9999' };

  expect(renderProduct(product)).toBe(renderProduct({ ...product }));
  expect(renderProduct(other)).not.toBe(renderProduct(product));
  const byId = await difference(product, other);
  expect(byId).toBeLessThan(await difference(product, like({ style: 'playful', colour: 'teal' })));
});

test.each(categories)('a %s looks like no other category', async (category) => {
  for (const other of categories.filter((name) => name > category)) {
    expect(await difference(like({ category }), like({ category: other })), other).toBeGreaterThan(
      4,
    );
  }
});

test('every two colours differ to the eye', async () => {
  for (const [index, colour] of colours.entries()) {
    for (const other of colours.slice(index + 1)) {
      const change = { category: 'cushion', pattern: 'plain', material: 'cotton' } as const;
      const apart = await difference(
        like({ ...change, colour }),
        like({ ...change, colour: other }),
      );
      expect(apart, `${colour}, ${other}`).toBeGreaterThan(5);
    }
  }
});

test('titles and ids cannot break out of the markup', async () => {
  const hostile = { ...product, id: '"><script/>', title: 'A & B <b> "c" \u0000' };
  const svg = renderProduct(hostile);

  expect(svg).toContain('<title>A &amp; B &lt;b&gt; &quot;c&quot; </title>');
  expect(svg).not.toContain('<script');
  await expect(pixels(hostile)).resolves.toHaveLength(32 * 32 * 3); // librsvg accepts it
});
