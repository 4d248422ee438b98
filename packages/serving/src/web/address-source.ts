import {
  parseJsonLines,
  parseSafetensors,
  parseSealedJson,
  sha256OfBytes,
} from '@rodpo/files/bytes';
import { BundleError, exportAgain } from '../bundle/bundle-error.ts';
import type { BundleSource, BundleTensors } from '../bundle/bundle-source.ts';
import { indexFile, type ListedFile, manifestFile } from '../bundle/manifest.ts';
import { changed } from '../bundle/require-listed.ts';

/** Gives the file of an address, as `fetch` does. */
export type FetchFile = (
  address: string,
) => Promise<Pick<Response, 'ok' | 'status' | 'arrayBuffer'>>;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * A bundle at an address. Each file is fetched once, so that what was compared with the manifest is what is
 * used. An index is not fetched: no browser asks one.
 *
 * @param address of the folder, absolute; with its query, if it has one, every file is fetched
 */
export function addressSource(address: string, fetchFile: FetchFile): BundleSource {
  const base = new URL(address);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  // A query may be what opens the folder, such as a signature: each file is asked for with it.
  const nameOf = (path: string) => {
    const file = new URL(path, base);
    file.search = base.search;
    return file.href;
  };
  const fetched = new Map<string, Promise<Bytes>>();
  const take = (path: string): Promise<Bytes> => {
    const bytes = fetched.get(path)!;
    fetched.delete(path); // most of it is taken once, and large
    return bytes;
  };
  return {
    nameOf,
    manifest: async () => {
      const file = nameOf(manifestFile);
      const bytes = await fetchBytes(file, fetchFile);
      return parseSealedJson(bytes, { file, advice: exportAgain }).catch((cause: unknown) => {
        throw new BundleError(
          'damaged',
          { file, message: `it is damaged. ${exportAgain}` },
          { cause },
        );
      });
    },
    find: async (files) => {
      const wanted = files.filter(({ path }) => path !== indexFile);
      for (const file of wanted) fetched.set(file.path, checked(file));
    },
    check: async () => {
      await Promise.all(fetched.values());
    },
    bytes: (path) => take(path),
    lines: async (path) => {
      const values = parseJsonLines(await take(path), { file: nameOf(path), advice: exportAgain });
      return { values, torn: false };
    },
    tensors: async (path) => tensorsOf(await take(path), nameOf(path)),
  };

  async function checked({ path, sha256 }: ListedFile): Promise<Bytes> {
    const bytes = await fetchBytes(nameOf(path), fetchFile);
    if ((await sha256OfBytes(bytes)) === sha256) return bytes;
    throw changed(nameOf(path));
  }
}

/** @throws {BundleError} (`missing`) if there is no answer, one that is no file, or one that ends too early */
async function fetchBytes(file: string, fetchFile: FetchFile): Promise<Bytes> {
  const missing = (message: string, options?: ErrorOptions) =>
    new BundleError('missing', { file, message }, options);
  const response = await fetchFile(file).catch((cause: unknown) => {
    const message = 'it could not be fetched. Is the server there, and may this page ask it?';
    throw missing(message, { cause });
  });
  if (!response.ok) {
    throw missing(
      `it could not be fetched (HTTP ${response.status}). Name the address of a folder that 'rodpo export' wrote, with all of its files.`,
    );
  }
  const bytes = await response.arrayBuffer().catch((cause: unknown) => {
    throw missing('it was cut off while it was fetched. Open the bundle again.', { cause });
  });
  return new Uint8Array(bytes);
}

function tensorsOf(bytes: Bytes, file: string): BundleTensors {
  const tensors = parseSafetensors(bytes, file);
  return {
    shapes: new Map(Object.entries(tensors).map(([name, { shape }]) => [name, shape])),
    read: async (name, kind) => {
      const { data } = tensors[name]!;
      if (data instanceof kind) return data;
      throw new RangeError(`Tensor '${name}' is no ${kind.name}.`);
    },
    close: async () => {},
  };
}
