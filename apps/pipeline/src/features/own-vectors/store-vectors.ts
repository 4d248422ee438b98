import { join } from 'node:path';
import { itemList, openStore } from '@rodpo/features';
import { sha256OfFile } from '@rodpo/files';
import type { OwnVectors } from './own-vectors.ts';

/**
 * A store that was made before, by another run or another program. Its items without a vector stay so,
 * for the reasons that it gives.
 *
 * @throws {StoreError} of `@rodpo/features` if the folder is no store, or a damaged one
 */
export async function storeVectors(folder: string): Promise<OwnVectors> {
  const store = await openStore(folder);
  const { dimension, description, failures } = store;
  // The manifest holds a checksum of each file of vectors.
  const revision = await sha256OfFile(join(folder, 'manifest.json'));
  const found = [...store.ids()].map((id) => ({ id, input: id }));
  const without = failures.map(({ id, reason, message }) => ({
    id,
    input: undefined,
    problem: { reason, message },
  }));
  return {
    source: itemList<string>([...found, ...without]),
    embedder: {
      dimension,
      description: { model: 'own vectors (store)', revision, madeBy: description },
      prepare: async (id) => id,
      embed: async (batch) => (await store.read(batch as readonly string[])).vectors,
      dispose: () => store.close(),
    },
  };
}
