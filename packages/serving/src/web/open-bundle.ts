import { readBundle } from '../bundle/read-bundle.ts';
import { openModel, type Recommender, recommenderOf } from '../recommender.ts';
import { addressSource, type FetchFile } from './address-source.ts';
import { type WebSessionOptions, webSessions } from './web-sessions.ts';

export interface OpenBundleOptions extends WebSessionOptions {
  /** Fetches a file, such as one that is kept for when there is no network. Default: the platform's `fetch`. */
  readonly fetch?: FetchFile;
}

/**
 * Opens the bundle at an address, in a browser: fetches and checks every file, starts onnxruntime-web. It
 * answers as the bundle in its folder does, to the rounding of float32, and always by the exact scan.
 *
 * @param address of the folder; on a page it may be relative to it. Its query goes with every file.
 * @throws {BundleError} if there is no bundle, or it is not as it was written
 * @throws {Error} (marked as actionable) if onnxruntime-web cannot be loaded
 */
export async function openBundle(
  address: string | URL,
  { fetch = (file) => globalThis.fetch(file), ...options }: OpenBundleOptions = {},
): Promise<Recommender> {
  const openSession = webSessions(options);
  const bundle = await readBundle(addressSource(absolute(address), fetch));
  const model = await openModel(bundle, { openSession });
  return recommenderOf(bundle, model, openSession);
}

/** On a page, what is relative is so to the page. */
function absolute(address: string | URL): string {
  const { document } = globalThis as { readonly document?: { readonly baseURI: string } };
  return new URL(address, document?.baseURI).href;
}
