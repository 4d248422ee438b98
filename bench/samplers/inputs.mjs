import { library } from '../common/libraries.mjs';

const { gaussianRandom } = await library('@rodpo/random');

// The batch of all cases: as many rows as a training step has, over the catalogue of Amazon Beauty.
export const rowCount = 1024;
export const itemCount = 12_101;
export const poolSize = 100;

/** How each item scores, where `random` draws from [0, 1); and the bar, if there is one. */
export const arrangements = {
  'random scores': {
    scoreOf: (_, random) => gaussianRandom(random)(),
    bar: 1.3,
  },
  'ascending scores': { scoreOf: (item) => item / itemCount },
  'all scores equal': { scoreOf: () => 1 },
};

export function scoresOf(scoreOf, random) {
  const scores = new Float32Array(rowCount * itemCount);
  for (let index = 0; index < scores.length; index++) {
    scores[index] = scoreOf(index % itemCount, random);
  }
  return scores;
}

/** Ten items per row, as a short history: `{ offsets, items }`. */
export function exclusions(random, perRow = 10) {
  const offsets = Int32Array.from({ length: rowCount + 1 }, (_, row) => row * perRow);
  const items = Int32Array.from({ length: rowCount * perRow }, () =>
    Math.floor(random() * itemCount),
  );
  return { offsets, items };
}
