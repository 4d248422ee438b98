import type { TypedArray } from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web';

web.env.wasm.numThreads = 1;
web.env.logLevel = 'error';

/** Named arrays, as a model takes and gives them. */
export type Feeds = Record<string, NamedArray>;
type Runtime = Pick<typeof native, 'InferenceSession' | 'Tensor'>;

/** Where an exported model must give the same. */
export const runtimes: [string, Runtime][] = [
  ['onnxruntime-node', native],
  ['onnxruntime-web (wasm)', web as unknown as Runtime],
];

/** Loads a model and runs it once. */
export async function runModel(
  { InferenceSession, Tensor }: Runtime,
  model: Uint8Array,
  feeds: Feeds,
): Promise<Feeds> {
  const session = await InferenceSession.create(model);
  const given = Object.entries(feeds).map(([name, { shape, data }]) => {
    const type = data instanceof Float32Array ? 'float32' : 'int32';
    return [name, new Tensor(type, data, shape)] as const;
  });
  const results = await session.run(Object.fromEntries(given));
  const outputs = Object.entries(results).map(([name, { dims, data }]) => {
    return [name, { shape: dims, data: data as TypedArray }] as const;
  });
  await session.release();
  return Object.fromEntries(outputs) as Feeds;
}
