// What the inputs of a training step cost, on one core: packing histories, filling noise.
//
//   pnpm bench:inputs [--rounds 5] [--json]
import { parseArgs } from 'node:util';
import { atMost, conclude } from './common/figures.mjs';
import { library } from './common/libraries.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});

const { packRows } = await library('@rodpo/data');
const { fillUniform, seededRandom } = await library('@rodpo/random');

/** min(50, 2 + geometric), mean about 6: shopping histories are short with a long tail. */
const random = seededRandom(1);
const lengths = Int32Array.from({ length: 20_000 }, () =>
  Math.min(50, 2 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / 5))),
);
const tokens = lengths.reduce((sum, length) => sum + length, 0);
const noise = new Float32Array(700_000);

function pack() {
  let placed = 0;
  for (const { placements } of packRows(lengths, { rowLength: 64, rowsPerBatch: 24 })) {
    for (const { length } of placements) placed += length;
  }
  return placed;
}

function fill(seed) {
  fillUniform(noise, seed);
  return noise.reduce((sum, value) => sum + value, 0) / noise.length;
}

if (pack() !== tokens) throw new Error(`Expected ${tokens} tokens in the rows, got ${pack()}`);
if (Math.abs(fill(1) - 0.5) > 0.01) throw new Error(`Expected a mean of 0.5, got ${fill(1)}`);

/** The best of several rounds: what else the machine does only adds to it. */
function milliseconds(task) {
  const rounds = Array.from({ length: Number(values.rounds) }, (_, round) => {
    const start = performance.now();
    task(round);
    return performance.now() - start;
  });
  return Math.min(...rounds);
}

conclude(
  [
    atMost('packing 20,000 histories into rows of 64', milliseconds(pack), 'ms', 100),
    atMost(
      'filling 700,000 uniform draws',
      milliseconds((seed) => fillUniform(noise, seed)),
      'ms',
      25,
    ),
  ],
  values,
);
