import { seededRandom } from '@rodpo/random';
import { categories, colours, complements, patterns, simulateStorefront } from '@rodpo/simulator';
import { expect, test } from 'vitest';

const options = { userCount: 1, itemCount: 500 };
const { products } = simulateStorefront(options, seededRandom(4));

test('every category has two complements, and no edge has its reverse', () => {
  for (const category of categories) {
    expect(new Set(complements[category]).size).toBe(2);
    for (const next of complements[category]) expect(complements[next]).not.toContain(category);
  }
});

test('ids count from one in catalogue order', () => {
  expect(products[0]!.id).toBe('P0001');
  expect(products[499]!.id).toBe('P0500');
});

test('prices are in half euros, above zero', () => {
  for (const { price } of products.map(({ attributes }) => attributes)) {
    expect(price * 2).toBe(Math.round(price * 2));
    expect(price).toBeGreaterThan(0);
  }
});

test('every category, colour and pattern is for sale', () => {
  const sold = (name: 'category' | 'colour' | 'pattern') =>
    [...new Set(products.map(({ attributes }) => attributes[name]))].sort();

  expect(sold('category')).toEqual([...categories].sort());
  expect(sold('colour')).toEqual([...colours].sort());
  expect(sold('pattern')).toEqual([...patterns].sort());
});

test('texts tell much of the look, not all of it, and say nothing false', () => {
  const texts = products.map(({ title, description }) => `${title} ${description}`);
  const tells = products.filter(({ attributes }, item) => texts[item]!.includes(attributes.colour));

  expect(tells.length / products.length).toBeGreaterThan(0.8);
  expect(tells.length / products.length).toBeLessThan(0.99);
  for (const [item, { attributes }] of products.entries()) {
    const otherPatterns = patterns.filter(
      (name) => name !== attributes.pattern && name !== 'plain',
    );
    expect(otherPatterns.some((name) => texts[item]!.includes(name))).toBe(false);
  }
  expect(new Set(texts).size).toBeGreaterThan(490);
});
