import { readSequences } from '@rodpo/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFile } from './temporary-file.ts';

const itemIdsOf = async (ids: readonly string[]) =>
  (await readSequences(temporaryFile(`u ${ids.join(' ')}\n`))).itemIds;

test('integers of any sign and length are in the order of their values', async () => {
  const integer = fc.tuple(
    fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
    fc.nat(3).map((zeros) => '0'.repeat(zeros)),
  );
  const ids = fc
    .array(fc.oneof(integer, fc.tuple(fc.bigInt({ min: -20n, max: 20n }), fc.constant(''))), {
      minLength: 1,
      maxLength: 30,
    })
    .map((values) => [
      ...new Set(
        values.map(([value, zeros]) => (value < 0n ? `-${zeros}${-value}` : `${zeros}${value}`)),
      ),
    ]);

  await fc.assert(
    fc.asyncProperty(ids, async (written) => {
      // The slow way: BigInt, stable, so equal values stay as they were written.
      const sorted = written.toSorted((a, b) =>
        BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0,
      );
      expect(await itemIdsOf(written)).toEqual(sorted);
    }),
    { numRuns: 50 },
  );
});

test('zero has no sign, and the equal stay in the order of the file', async () => {
  expect(await itemIdsOf(['1', '-0', '0', '-00', '-1'])).toEqual(['-1', '-0', '0', '-00', '1']);
});

test('a million digits are as good as one', async () => {
  const long = '7'.repeat(1_000_000);

  const ids = await itemIdsOf([`${long}8`, long, '12']);

  expect(ids.map((id) => id.length)).toEqual([2, 1_000_000, 1_000_001]);
});
