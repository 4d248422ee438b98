import { type PackedBatch, packRows } from '@rodpo/data';
import { permutation, seededRandom } from '@rodpo/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const summary = ({ placements }: PackedBatch) =>
  placements.map(({ sequence, row, offset, length }) => [sequence, row, offset, length]);

test('fits the longest first, each into the fullest row with room', () => {
  // Rows of 6. By length: s1 (5) → row 0, s3 (4) → row 1, s0 (2) → row 1, s2 (1) → row 0.
  const [batch, ...others] = packRows([2, 5, 1, 4], { rowLength: 6, rowsPerBatch: 2 });

  expect(others).toEqual([]);
  expect(batch).toEqual({
    rows: 2,
    rowLength: 6,
    placements: [
      { sequence: 1, row: 0, offset: 0, length: 5 },
      { sequence: 2, row: 0, offset: 5, length: 1 },
      { sequence: 3, row: 1, offset: 0, length: 4 },
      { sequence: 0, row: 1, offset: 4, length: 2 },
    ],
    positions: Int32Array.of(0, 1, 2, 3, 4, 0, 0, 1, 2, 3, 0, 1),
    segments: Int32Array.of(1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 2, 2),
  });
});

test('prefers the fullest row to the first', () => {
  // Rows of 10: s0 (7) → row 0; s1 and s2 (4 + 4) → row 1; s3 (2) fits both, row 1 exactly.
  const [batch] = packRows([7, 4, 4, 2], { rowLength: 10, rowsPerBatch: 2 });

  expect(summary(batch!)).toContainEqual([3, 1, 8, 2]);
});

test('carries what does not fit to the front of the next batch', () => {
  // One row of 6 asks for 6.12 tokens: 3 + 2 + 2 = 7. s2 is left, and leads the next batch
  // although s3 (4) is longer.
  const batches = [...packRows([3, 2, 2, 4, 6], { rowLength: 6, rowsPerBatch: 1 })];

  expect(batches.map(summary)).toEqual([
    [
      [0, 0, 0, 3],
      [1, 0, 3, 2],
    ],
    [
      [2, 0, 0, 2],
      [3, 0, 2, 4],
    ],
    [[4, 0, 0, 6]],
  ]);
});

test('counts the carried among the most sequences of a batch', () => {
  const limits = { rowLength: 6, rowsPerBatch: 2, maxSequences: 3 };
  const batches = [...packRows([5, 5, 5, 1, 1, 1], limits)];

  expect(batches.map(({ placements }) => placements.map(({ sequence }) => sequence))).toEqual([
    [0, 1],
    [2, 3, 4],
    [5],
  ]);
});

test('walks the order it is given and skips empty sequences', () => {
  const order = Int32Array.of(3, 1, 0);
  const batches = [...packRows([2, 0, 2, 2], { rowLength: 2, rowsPerBatch: 1, order })];

  expect(batches.map(summary)).toEqual([[[3, 0, 0, 2]], [[0, 0, 0, 2]]]);
  expect([...packRows([0, 0], { rowLength: 2, rowsPerBatch: 1 })]).toEqual([]);
  expect([...packRows([], { rowLength: 2, rowsPerBatch: 1 })]).toEqual([]);
});

test('places every sequence once, whole, without overlap, in equal shapes', () => {
  const options = fc.record({
    rowLength: fc.integer({ min: 5, max: 9 }),
    rowsPerBatch: fc.integer({ min: 1, max: 4 }),
    maxSequences: fc.constantFrom(1, 2, 5, 1000),
  });
  const lengthList = fc.array(fc.nat(5), { maxLength: 40 });

  fc.assert(
    fc.property(lengthList, options, fc.nat(), (lengths, limits, seed) => {
      const order = permutation(lengths.length, seededRandom(seed));
      const batches = [...packRows(lengths, { ...limits, order })];

      const placed = batches.flatMap(({ placements }) => placements);
      expect(placed.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
        [...lengths.keys()].filter((sequence) => lengths[sequence]! > 0),
      );
      for (const placement of placed) expect(placement.length).toBe(lengths[placement.sequence]);
      for (const batch of batches) {
        expect(batch).toMatchObject({ rows: limits.rowsPerBatch, rowLength: limits.rowLength });
        expect(batch.placements.length).toBeGreaterThan(0);
        expect(batch.placements.length).toBeLessThanOrEqual(limits.maxSequences);
        expectConsistentCells(batch);
      }
      expectNobodyStarves(order, batches);
      expect(batches).toEqual([...packRows(lengths, { ...limits, order })]);
    }),
    { numRuns: 100 },
  );
});

/** Rebuilds every cell from the placements: the independent reading of the two flat arrays. */
function expectConsistentCells({ rows, rowLength, placements, positions, segments }: PackedBatch) {
  const cells = Array.from({ length: rows * rowLength }, () => [0, 0]);
  const inRow = new Int32Array(rows);
  for (const { row, offset, length } of placements) {
    inRow[row]!++;
    expect(offset + length).toBeLessThanOrEqual(rowLength);
    for (let position = 0; position < length; position++) {
      expect(cells[row * rowLength + offset + position]).toEqual([0, 0]); // nobody was here
      cells[row * rowLength + offset + position] = [position, inRow[row]!];
    }
  }
  expect([...positions]).toEqual(cells.map(([position]) => position));
  expect([...segments]).toEqual(cells.map(([, segment]) => segment));
}

/** Whoever has waited longest is in this batch or, having just been collected, in the next. */
function expectNobodyStarves(order: Int32Array, batches: readonly PackedBatch[]) {
  const batchOf = new Map<number, number>();
  for (const [index, { placements }] of batches.entries()) {
    for (const { sequence } of placements) batchOf.set(sequence, index);
  }
  for (const index of batches.keys()) {
    const longestWaiting = order.find((sequence) => (batchOf.get(sequence) ?? -1) >= index)!;
    expect(batchOf.get(longestWaiting)).toBeLessThanOrEqual(index + 1);
  }
}

test('places the oldest first when no two share a row', () => {
  // Just over half a row each, so 204 are collected for 100 rows, 104 are carried, and the second
  // batch leaves both carried and fresh ones behind.
  const lengths = new Int32Array(600).fill(501);
  const batches = [...packRows(lengths, { rowLength: 1000, rowsPerBatch: 100 })];

  expect(batches).toHaveLength(6);
  const placed = batches.flatMap(({ placements }) => placements.map(({ sequence }) => sequence));
  expect(placed).toEqual([...lengths.keys()]); // oldest first, throughout
});

test.each([0, -1, 2.5, Number.NaN])('rejects %d for every count, at the call', (value) => {
  const good = { rowLength: 4, rowsPerBatch: 2 };
  for (const name of ['rowLength', 'rowsPerBatch', 'maxSequences']) {
    expect(() => packRows([1], { ...good, [name]: value })).toThrow(
      new RangeError(`${name} must be a positive integer, got ${value}`),
    );
  }
});

test('rejects lengths no row can hold, at the call', () => {
  expect(() => packRows([4, 5], { rowLength: 4, rowsPerBatch: 2 })).toThrow(
    new RangeError(
      'a length must be an integer from 0 to rowLength 4, got 5 for sequence 1. ' +
        'Cut the sequence or make the rows longer.',
    ),
  );
  for (const length of [-1, 1.5, Number.NaN]) {
    expect(() => packRows([length], { rowLength: 4, rowsPerBatch: 2 })).toThrow(RangeError);
  }
});

test('rejects an order that points outside the lengths', () => {
  const order = Int32Array.of(0, 2);

  expect(() => packRows([1, 1], { rowLength: 4, rowsPerBatch: 2, order })).toThrow(
    new RangeError('order must hold indices into lengths, got 2. Check its source.'),
  );
});
