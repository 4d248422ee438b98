import { expect, test, vi } from 'vitest';
import { HashNumbers } from '../../src/tables/hash-numbers.ts';
import { numberIds } from '../../src/tables/number-ids.ts';
import { withDuckDB } from '../../src/tables/open-duckdb.ts';

test('where two ids share a hash, another hash is taken', async () => {
  const { ids, counts, hash } = await withDuckDB({}, async (connection) => {
    await connection.run(
      `create table rows as select 'u' || (i % 5) as "user", true as kept from range(20) t(i)`,
    );
    const add = vi.spyOn(HashNumbers.prototype, 'add').mockReturnValueOnce(false);
    return numberIds(connection, 'user').finally(() => add.mockRestore());
  });

  expect(hash).toBe('hash("user", 1)');
  expect([...ids].sort()).toEqual(['u0', 'u1', 'u2', 'u3', 'u4']);
  expect(counts).toEqual(Int32Array.of(4, 4, 4, 4, 4));
});
