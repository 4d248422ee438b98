import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Recommender } from '../src/recommender.ts';
import type { FetchFile } from '../src/web/address-source.ts';
import { openBundle } from '../src/web/open-bundle.ts';

/** Answers from folders as a server does that has them. */
export const fetchFromFolder: FetchFile = async (address) => {
  const bytes = await readFile(fileURLToPath(address)).catch(() => undefined);
  return bytes ? new Response(bytes) : new Response(null, { status: 404 });
};

/** A bundle as a browser opens it: onnxruntime-web's wasm runs in Node as well. */
export function openFromAddress(folder: string): Promise<Recommender> {
  return openBundle(pathToFileURL(folder), { fetch: fetchFromFolder });
}
