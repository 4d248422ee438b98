// Passes over a catalogue as a bundle makes them, in a process of their own: one task as JSON, then questions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { library, servingModule } from '../common/libraries.mjs';

const task = JSON.parse(process.argv[2]);
const { itemCount, width, threads } = task;
const numbers = (file) => {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
};
const [vectors, queries] = [numbers(task.items), numbers(task.queries)];
const queryCount = queries.length / width;

const { modelOf } = await import('./bundles.mjs');
const { openScan } = await servingModule('scan/exact-scan.js');
const { buildIndex, openIndex } = await servingModule('scan/nearest-index.js');
const { nativeSessions } = await servingModule('reading/native-sessions.js');
// A model's block of items does not depend on how many blocks there are.
const small = await modelOf(16_384);
const bundle = { ...small, vectors, settings: { ...small.settings, itemCount } };
const scan = await openScan(bundle, nativeSessions({ threads }));
const request = { count: 10, isWanted: () => true, refused: 0 };
const query = (index) => queries.subarray(index * width, (index + 1) * width);

async function exact(together) {
  const found = [];
  const begun = performance.now();
  for (let first = 0; first < 64; first += together) {
    const users = queries.subarray(first * width, (first + together) * width);
    found.push(...(await scan.best(users, Array(together).fill(request))));
  }
  const milliseconds = (performance.now() - begun) / 64;
  return { milliseconds, items: found.map((list) => list.map(({ item }) => item)) };
}

let index;
/** The least expansion that finds enough, as an export has it. */
async function builtIndex() {
  if (index) return index;
  const connectivity = 16;
  const file = join(task.folder, 'index.usearch');
  await buildIndex(file, { vectors, width, connectivity });
  const best = [];
  for (let first = 0; first < queryCount; first += 64) {
    const users = queries.subarray(first * width, (first + 64) * width);
    best.push(...(await scan.best(users, Array(64).fill(request))));
  }
  for (const expansion of [16, 32, 64, 128, 256, 512, 1024, 2048, 4096]) {
    const opened = await openIndex(file, { width, connectivity, expansion });
    const found = best.map((list, user) => {
      const near = new Set(opened.search(query(user), 10));
      return list.filter(({ item }) => near.has(item)).length / list.length;
    });
    const recall = found.reduce((sum, share) => sum + share, 0) / queryCount;
    index = { opened, recall, expansion };
    if (recall >= task.recall) break;
  }
  return index;
}

async function approximate() {
  const { opened } = await builtIndex();
  const items = [];
  const begun = performance.now();
  for (let user = 0; user < queryCount; user++) items.push(opened.search(query(user), 10));
  return { milliseconds: (performance.now() - begun) / queryCount, items };
}

const answers = {
  exact: () => exact(1),
  'exact together': () => exact(64),
  approximate,
  recall: async () => ({ recall: (await builtIndex()).recall }),
};

await library('@rodpo/serving');
console.log(JSON.stringify({}));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answers[JSON.parse(line).kind]()));
}
