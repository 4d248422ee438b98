import { itemList, readIdList, readNpy, VectorFileError } from '@rodpo/features';
import { sha256Of, sha256OfFile } from '@rodpo/files';
import { lookedUp } from './looked-up.ts';
import type { OwnVectors } from './own-vectors.ts';

/**
 * The rows of a `.npy` file, `[items, dimension]`, and the list of their ids.
 *
 * @throws {VectorFileError} of `@rodpo/features` if one of the files is damaged, or they do not fit
 */
export async function npyVectors({ npy, ids }: { npy: string; ids: string }): Promise<OwnVectors> {
  const known = await readIdList(ids);
  const { shape, data } = await readNpy(npy);
  const [rows, dimension] = shape;
  if (shape.length !== 2 || rows !== known.length || dimension === 0) {
    throw new VectorFileError(
      npy,
      `expected the shape [${known.length}, dimension], one row for each id in ${ids}, got ` +
        `[${shape.join(', ')}]. Write both from one list.`,
    );
  }
  const rowOf = new Map(known.map((id, row) => [id, row]));
  const revision = sha256Of(`${await sha256OfFile(npy)} ${JSON.stringify(known)}`);
  return {
    source: itemList(known.map((id) => ({ id, input: id }))),
    embedder: lookedUp(rowOf, data, {
      dimension: dimension!,
      description: { model: 'own vectors (.npy)', revision },
    }),
  };
}
