// One preparation in a process of its own: FILE THREADS MEMORY. Prints what prepare_result.py does.
import { createHash } from 'node:crypto';
import { library } from '../common/libraries.mjs';

const [file, threads, memoryLimit] = process.argv.slice(2);
const { applySteps, leaveOneOut, readTable } = await library('@rodpo/data');

const started = performance.now();
const before = process.cpuUsage();
const columns = { user: 'user', item: 'item', rating: 'rating', time: 'time' };
const options = { columns, minRating: 2, threads: Number(threads), memoryLimit };
const whole = await readTable(file, options);
const { dataset } = applySteps(whole.dataset, [{ kind: 'core', users: 5, items: 5 }]);
const { test } = leaveOneOut(dataset.sequences);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(before);

const fingerprint = createHash('sha256');
fingerprint.update(Int32Array.from(dataset.sequences, ({ length }) => length));
let interactions = 0;
for (const sequence of dataset.sequences) {
  fingerprint.update(sequence);
  interactions += sequence.length;
}
console.log(
  JSON.stringify({
    seconds,
    processorSeconds: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
    interactions,
    users: dataset.userIds.length,
    cases: test.length,
    sequences: fingerprint.digest('hex'),
  }),
);
