// A process of its own, so that its peak is of this work alone: prints megabytes and items/s.
//
//   node bench/features/peak-memory.mjs texts|images 100000
//
// Reads the peak where Linux keeps it.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { library } from '../common/libraries.mjs';
import { posters } from './posters.mjs';

const [, , modality, countText] = process.argv;
const itemCount = Number(countText);
const { extract } = await library('@rodpo/features');
const { seededRandom } = await library('@rodpo/random');
const folder = await mkdtemp(join(tmpdir(), 'rodpo-bench-'));
const started = performance.now();

await (modality === 'texts' ? texts() : images());
const seconds = (performance.now() - started) / 1000;
await rm(folder, { recursive: true });
const megabytes = peakKibibytes() * 1.024e-3;
console.log(JSON.stringify({ megabytes, rate: itemCount / seconds }));

/** Of this process alone: `resourceUsage` begins with what the parent had when it forked. */
function peakKibibytes() {
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kibibytes);
}

async function texts() {
  const { fitTextDescriptor } = await library('@rodpo/features/text');
  const random = seededRandom(1);
  const source = sourceOf(titleOf);
  const embedder = await fitTextDescriptor(all(source), { dimension: 128, random });
  await extract(source, embedder, { folder });
}

async function images() {
  const { imageHistograms } = await library('@rodpo/features/image');
  const files = posters(3000);
  await extract(
    sourceOf((index) => files[index % files.length]),
    imageHistograms(),
    { folder },
  );
}

/** Twelve made-up words, frequent ones more often, as in product titles. */
function titleOf(index) {
  const random = seededRandom(index);
  const word = () => Math.floor(20_000 * random() ** 3).toString(36);
  return Array.from({ length: 12 }, () => `w${word()}`).join(' ');
}

function sourceOf(inputOf) {
  const read = async (start, end) =>
    Array.from({ length: end - start }, (_, offset) => ({
      id: String(start + offset),
      input: inputOf(start + offset),
    }));
  return { itemCount, read };
}

async function* all(source) {
  for (let start = 0; start < itemCount; start += 1024) {
    const end = Math.min(start + 1024, itemCount);
    for (const { input } of await source.read(start, end)) yield input;
  }
}
