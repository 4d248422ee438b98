// Files in, store out, against onnxruntime-node that is handed the finished tensors.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { library } from '../common/libraries.mjs';
import { median } from '../common/median.mjs';
import { rateOf } from './in-flight.mjs';
import { modelFile, models } from './posters.mjs';

export async function endToEnd(files, { batchSize, concurrency, rounds }) {
  const { extract, itemList } = await library('@rodpo/features');
  const { imageModel } = await library('@rodpo/features/image');
  const threads = availableParallelism();
  const source = { folder: models, offline: true };
  const embedder = await imageModel({ model: 'mobilenet_v1_trunk', source, threads });
  const items = itemList(files.map((input, index) => ({ id: String(index), input })));
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-bench-'));
  let round = 0;
  const ours = () =>
    extract(items, embedder, { folder: join(folder, String(round++)), batchSize, concurrency });
  // onnxruntime's own choice of threads, and all: the faster one counts.
  const alone = {
    default: await bareModel(files.length, batchSize, undefined),
    all: await bareModel(files.length, batchSize, threads),
  };

  const rates = { ours: [], default: [], all: [] };
  for (let count = 0; count <= rounds; count++) {
    for (const [name, work] of Object.entries({ ...alone, ours })) {
      const rate = await rateOf(files.length, work);
      if (count > 0) rates[name].push(rate);
    }
  }
  await embedder.dispose();
  await rm(folder, { recursive: true });
  return {
    ours: median(rates.ours),
    alone: Math.max(median(rates.default), median(rates.all)),
  };
}

async function bareModel(count, batchSize, intraOpNumThreads) {
  const { InferenceSession, Tensor } = await library('onnxruntime-node');
  const options = intraOpNumThreads === undefined ? {} : { intraOpNumThreads };
  const session = await InferenceSession.create(modelFile, options);
  const values = Float32Array.from({ length: batchSize * 3 * 224 * 224 }, Math.random);
  const pixels = new Tensor('float32', values, [batchSize, 3, 224, 224]);
  return async () => {
    for (let done = 0; done < count; done += batchSize) {
      await session.run({ [session.inputNames[0]]: pixels });
    }
  };
}
