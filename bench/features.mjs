// What features cost: preprocessing, files to store, peak memory.
//
//   pnpm bench:features [--images 600] [--items 100000] [--rounds 5] [--json]   (20 min on 2 cores)
//
// Preprocessing is compared with sharp alone doing the same resize; extraction from files to a
// store, by a real MobileNet, with onnxruntime-node alone on tensors that are ready. Each pair runs
// in turns in one process and medians are compared. Peak memory is that of a process which extracts
// `items` items from beginning to end. Needs the posters and the model of RODPO_DATA.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { counts } from './common/counts.mjs';
import { atLeast, atMost, conclude, figure } from './common/figures.mjs';
import { endToEnd } from './features/end-to-end.mjs';
import { posters } from './features/posters.mjs';
import { preprocessing } from './features/preprocessing.mjs';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '600' },
    items: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const [images, items, rounds] = counts(values, ['images', 'items', 'rounds']);
const files = posters(images);

const decoding = await preprocessing(files, { concurrency: 4, rounds });
const extraction = await endToEnd(files, { batchSize: 16, concurrency: 4, rounds });
// What the same cores could do if neither disturbed the other.
const inTurn = 1 / (1 / decoding.ours + 1 / extraction.alone);
const peakOf = async (modality) => {
  const script = fileURLToPath(new URL('features/peak-memory.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, modality, `${items}`]);
  return JSON.parse(stdout);
};
const texts = await peakOf('texts');
const pictures = await peakOf('images');

conclude(
  [
    figure('sharp alone', decoding.bare, 'images/s'),
    figure('preprocessImage', decoding.ours, 'images/s'),
    atLeast('preprocessImage ÷ sharp alone', decoding.ours / decoding.bare, 'times', 0.9),
    figure('onnxruntime-node alone', extraction.alone, 'images/s'),
    figure('extract with mobilenet', extraction.ours, 'images/s'),
    atLeast('extract ÷ onnxruntime-node alone', extraction.ours / extraction.alone, 'times', 0.85),
    figure('extract ÷ decoding and inference in turn', extraction.ours / inTurn, 'times'),
    figure(`${items} texts by hashed-tfidf-svd, fit and extraction`, texts.rate, 'texts/s'),
    atMost(`${items} texts: peak memory`, texts.megabytes, 'MB', 600),
    figure(`${items} images by image-histograms`, pictures.rate, 'images/s'),
    atMost(`${items} images: peak memory`, pictures.megabytes, 'MB', 600),
  ],
  values,
);
