import { seededRandom } from '@rodpo/random';
import { type NegativeSampler, type Negatives, PoolTooSmallError } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  anyBatch,
  anyBatchOf,
  type ContractBatch,
  everyItem,
  excludedItems,
  fixedBatch,
} from './any-batch.ts';
import { chiSquareExcess } from './chi-square.ts';

export interface ContractOptions {
  /** How many items a row leaves to draw; by default all that are not excluded. */
  readonly available?: (batch: ContractBatch, row: number) => number;
  /** Whether a row may draw an item twice. Default false. */
  readonly replacement?: boolean;
  /**
   * Whether the second draw follows q without the first item, scaled up; false if it has a
   * distribution of its own. Default true.
   */
  readonly renormalises?: boolean;
  /** Whether what was drawn before changes what is drawn next. Default false. */
  readonly stateful?: boolean;
}

type MakeSampler = (itemCount: number) => NegativeSampler;
type Contract = Required<ContractOptions> & { readonly make: MakeSampler };

/** What every sampler promises. `make` gives a new sampler for a catalogue of any size. */
export function describeNegativeSampler(
  name: string,
  make: MakeSampler,
  options: ContractOptions = {},
): void {
  const contract: Contract = {
    available: notExcluded,
    replacement: false,
    renormalises: true,
    stateful: false,
    make,
    ...options,
  };
  describe(`${name} keeps the sampler contract`, () => {
    testDraws(contract);
    testDistribution(contract);
    testRepeats(contract);
    testRefusals(contract);
  });
}

function notExcluded(batch: ContractBatch, row: number): number {
  const excluded = excludedItems(batch, row);
  return [...Array(batch.itemCount).keys()].filter((item) => !excluded.has(item)).length;
}

/** The most that every row can give: 3 when rows may repeat themselves and none is empty. */
function countFor({ available, replacement }: Contract, batch: ContractBatch): number {
  const least = Math.min(...rowsOf(batch).map((row) => available(batch, row)));
  return replacement && least > 0 ? 3 : least;
}

const rowsOf = ({ rowCount }: ContractBatch) => [...Array(rowCount).keys()];

const rowOf = (values: Int32Array | Float32Array, row: number, count: number) => [
  ...values.subarray(row * count, (row + 1) * count),
];

function testDraws(contract: Contract): void {
  const { make, replacement } = contract;

  test('draws items that exist and are not excluded, distinct unless it may repeat', () => {
    fc.assert(
      fc.property(anyBatch, fc.nat(), (batch, seed) => {
        const count = countFor(contract, batch);
        const { items } = make(batch.itemCount).sample(batch, count, seededRandom(seed));

        expect(items).toHaveLength(batch.rowCount * count);
        for (const row of rowsOf(batch)) {
          const drawn = rowOf(items, row, count);
          const excluded = excludedItems(batch, row);
          if (!replacement) expect(new Set(drawn).size).toBe(count);
          expect(drawn.every((item) => item >= 0 && item < batch.itemCount)).toBe(true);
          expect(drawn.some((item) => excluded.has(item))).toBe(false);
        }
      }),
    );
  });

  test('draws nothing when asked for nothing, even where nothing is left', () => {
    const batch = fixedBatch();
    const offsets = Int32Array.of(0, 6, 6, 6, 6, 6);
    const nothingLeft = { ...batch, excluded: { offsets, items: Int32Array.of(0, 1, 2, 3, 4, 5) } };
    const drawn = make(6).sample(nothingLeft, 0, Math.random);

    expect(drawn.items).toEqual(new Int32Array(0));
    expect(drawn.logProbabilities).toEqual(new Float32Array(0));
  });

  test('writes into the arrays it is given what it would have returned', () => {
    fc.assert(
      fc.property(anyBatch, fc.nat(), (batch, seed) => {
        const count = countFor(contract, batch);
        const into: Negatives = {
          items: new Int32Array(batch.rowCount * count).fill(-7),
          logProbabilities: new Float32Array(batch.rowCount * count).fill(7),
        };
        const returned = make(batch.itemCount).sample(batch, count, seededRandom(seed), into);

        expect(returned.items).toBe(into.items);
        expect(returned.logProbabilities).toBe(into.logProbabilities);
        expect(into).toEqual(make(batch.itemCount).sample(batch, count, seededRandom(seed)));
      }),
    );
  });
}

function testDistribution(contract: Contract): void {
  const { make, available } = contract;

  test('its probabilities sum to 1 over what a row leaves, and are 0 elsewhere', () => {
    fc.assert(
      fc.property(anyBatch, (batch) => {
        const { itemCount } = batch;
        const all = make(itemCount).logProbabilities(batch, everyItem(batch), itemCount);

        expect(all).toHaveLength(batch.rowCount * itemCount);
        for (const row of rowsOf(batch)) {
          const logarithms = rowOf(all, row, itemCount);
          const possible = available(batch, row);
          const sum = logarithms.reduce((total, value) => total + Math.exp(value), 0);
          expectAllClose([sum], [possible > 0 ? 1 : 0], { absolute: 1e-6, relative: 0 });
          expect(logarithms.filter((value) => value > -Infinity)).toHaveLength(possible);
          for (const item of excludedItems(batch, row)) {
            if (item >= 0 && item < itemCount) expect(logarithms[item]).toBe(-Infinity);
          }
        }
      }),
    );
  });

  test('gives a number that names no item no probability', () => {
    const batch = fixedBatch();
    const items = Int32Array.from({ length: 10 }, (_, index) => (index % 2 ? 6 : -1));

    expect(make(6).logProbabilities(batch, items, 2)).toEqual(new Float32Array(10).fill(-Infinity));
  });

  test('reports with a draw the probability that it tells when asked', () => {
    fc.assert(
      fc.property(anyBatch, fc.nat(), (batch, seed) => {
        const count = countFor(contract, batch);
        const sampler = make(batch.itemCount);
        const { items, logProbabilities } = sampler.sample(batch, count, seededRandom(seed));

        expect(sampler.logProbabilities(batch, items, count)).toEqual(logProbabilities);
      }),
    );
  });

  test('draws first each item as often as its probability says', () => {
    expectFrequencies(contract, fixedBatch(), 1);
  });

  const manner = contract.replacement
    ? 'draws later items as the first'
    : 'draws without putting back';
  test.skipIf(!contract.renormalises)(`${manner}, by the same probabilities`, () => {
    expectFrequencies(contract, fixedBatch({ roomy: true }), 2);
  });
}

/** Compares how often each list of `count` items is drawn, row by row, with its probability. */
function expectFrequencies(contract: Contract, batch: ContractBatch, count: 1 | 2): void {
  const { itemCount } = batch;
  const size = itemCount ** count;
  const tallies = rowsOf(batch).map(() => new Array<number>(size).fill(0));
  const sampler = contract.make(itemCount);
  const random = seededRandom(20_19);
  for (let draw = 0; draw < 10_000; draw++) {
    // A sampler that remembers is made anew, since its q is that of its first draw.
    const drawer = contract.stateful ? contract.make(itemCount) : sampler;
    const { items } = drawer.sample(batch, count, random);
    for (const [row, tally] of tallies.entries()) {
      const cell = rowOf(items, row, count).reduce((index, item) => index * itemCount + item, 0);
      tally[cell]! += 1;
    }
  }

  const all = sampler.logProbabilities(batch, everyItem(batch), itemCount);
  for (const [row, tally] of tallies.entries()) {
    const first = rowOf(all, row, itemCount).map(Math.exp);
    const expected = count === 1 ? first : pairs(first, contract.replacement);
    expect(chiSquareExcess(tally, expected)).toBeLessThan(1);
  }
}

/** P(i, then j) = q(i) q(j), the latter out of 1 − q(i) if i is not put back. */
function pairs(first: readonly number[], replacement: boolean): number[] {
  return first.flatMap((p, i) =>
    first.map((q, j) => {
      if (replacement) return p * q;
      return i === j || p === 0 ? 0 : (p * q) / (1 - p);
    }),
  );
}

function testRepeats({ make, stateful, ...contract }: Contract): void {
  const countOf = (batch: ContractBatch) => countFor({ make, stateful, ...contract }, batch);

  test('repeats itself bit for bit for equal seeds, and leaves the batch alone', () => {
    fc.assert(
      fc.property(anyBatch, fc.nat(), (batch, seed) => {
        const before = structuredClone(batch);
        const draw = () => make(batch.itemCount).sample(batch, countOf(batch), seededRandom(seed));

        expect(draw()).toEqual(draw());
        make(batch.itemCount).logProbabilities(batch, everyItem(batch), batch.itemCount);
        expect(batch).toEqual(before);
      }),
    );
  });

  test.skipIf(stateful)('draws the same whatever it drew before', () => {
    const other = fixedBatch({ roomy: true });
    fc.assert(
      fc.property(anyBatchOf(6), fc.nat(), (batch, seed) => {
        const used = make(6);
        used.sample(other, 1, seededRandom(seed));
        used.logProbabilities(other, everyItem(other), 6);
        const draw = (sampler: NegativeSampler) =>
          sampler.sample(batch, countOf(batch), seededRandom(seed));

        expect(draw(used)).toEqual(draw(make(6)));
      }),
    );
  });
}

function testRefusals(contract: Contract): void {
  const { make, available, replacement } = contract;

  test('refuses to draw more than a row leaves, and says which row', () => {
    fc.assert(
      fc.property(anyBatch, (batch) => {
        const left = rowsOf(batch).map((row) => available(batch, row));
        const requested = replacement ? 1 : Math.min(...left) + 1;
        const draw = () => make(batch.itemCount).sample(batch, requested, seededRandom(1));
        const row = left.findIndex((amount) => amount < requested);
        if (row < 0) return; // it may repeat, and every row leaves something

        expect(draw).toThrow(PoolTooSmallError);
        expect(draw).toThrow(expect.objectContaining({ available: left[row], requested, row }));
      }),
    );
  });

  test('refuses to draw from a row that leaves nothing', () => {
    const batch = fixedBatch();
    const items = Int32Array.of(0, 1, 2, 3, 4, 5);
    const excluded = { offsets: Int32Array.of(0, 0, 0, 6, 6, 6), items };

    expect(() => make(6).sample({ ...batch, excluded }, 1, seededRandom(1))).toThrow(
      expect.objectContaining({ name: 'PoolTooSmallError', available: 0, requested: 1, row: 2 }),
    );
  });

  test.each([-1, 1.5, Number.NaN])('rejects count %d', (count) => {
    const message = new RangeError(`count must be an integer from 0, got ${count}`);

    expect(() => make(6).sample(fixedBatch(), count, Math.random)).toThrow(message);
    expect(() => make(6).logProbabilities(fixedBatch(), new Int32Array(0), count)).toThrow(message);
  });

  test('rejects exclusions of another number of rows', () => {
    const batch = {
      ...fixedBatch(),
      excluded: { offsets: Int32Array.of(0, 0), items: new Int32Array(0) },
    };

    expect(() => make(6).sample(batch, 1, Math.random)).toThrow(/^excluded.offsets must have 6 /);
    expect(() => make(6).logProbabilities(batch, new Int32Array(5), 1)).toThrow(
      /^excluded.offsets must have 6 /,
    );
  });

  test('rejects arrays of another size', () => {
    const into = { items: new Int32Array(5), logProbabilities: new Float32Array(4) };

    expect(() => make(6).sample(fixedBatch(), 1, Math.random, into)).toThrow(
      /^into.logProbabilities must have 5 elements/,
    );
    expect(() => make(6).logProbabilities(fixedBatch(), new Int32Array(4), 1)).toThrow(
      /^items must have 1 per row for 5 rows, 5, got 4/,
    );
  });
}
