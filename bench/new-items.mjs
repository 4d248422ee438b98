// Whether items are found that the model was never trained on: a tenth of the items of Amazon Musical
// Instruments, held out of training and added to the running bundle by their titles.
//
//   pnpm bench:new-items [--data ../shared/data/amazon-instruments] [--epochs 5] [--cases 2000]
//                        [--kinds texts,gated,early,late] [--threads 1] [--seed 1] [--json]
//
// Titles are hashed n-grams by TF-IDF, reduced to 128 numbers by an SVD that is fitted to the known items alone. A
// case is a user's last choice of a new item, and all that the user chose before it; the ranking is among all
// items, known and new, without the history. Beside it:
//
// - random: what a random order finds. Popularity finds nothing, since nobody chose a new item: it is counted.
// - known: the same of users' last choice, where that is a known item, which training did not see either
// - share: how many of the ten best of the known cases are new items; they are a tenth of the catalogue
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { counts } from './common/counts.mjs';
import { atLeast, conclude, figure } from './common/figures.mjs';
import { library } from './common/libraries.mjs';

const folder =
  process.env.RODPO_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(folder, 'amazon-instruments') },
    epochs: { type: 'string', default: '5' },
    cases: { type: 'string', default: '2000' },
    kinds: { type: 'string', default: 'texts,gated,early,late' },
    threads: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const [epochs, caseCount, threads, seed] = counts(values, ['epochs', 'cases', 'threads', 'seed']);
const say = values.json ? console.error : console.log;

await library('@tensorflow/tfjs');
const { setBackend } = await library('@tensorflow/tfjs-core');
const { transformerEncoder } = await library('@rodpo/encoder');
const { fitTextDescriptor } = await library('@rodpo/features/text');
const { permutation, seededRandom } = await library('@rodpo/random');
const { compiledEngine, exportEncoder, openWorkspace, pretrain } = await library('@rodpo/recipe');
const { openBundle, writeBundle } = await library('@rodpo/serving');
await setBackend('cpu');

const maxLength = 20;
const dimension = 64;
const streamsOf = {
  texts: { id: false, fusion: 'early' },
  gated: { id: true, fusion: 'gated' },
  early: { id: true, fusion: 'early' },
  late: { id: true, fusion: 'late' },
};

const lines = async (name) =>
  (await readFile(join(values.data, name), 'utf8')).trimEnd().split('\n');
const rows = (await lines('items.tsv')).slice(1).map((line) => line.split('\t'));
const titleOf = new Map(rows.map(([id, , title]) => [id, title]));
const sequences = (await lines('sequences.txt')).map((line) => line.split(' ').slice(1));

const order = permutation(rows.length, seededRandom(seed));
const isNew = new Set([...order.slice(0, Math.round(rows.length / 10))].map((at) => rows[at][0]));
const known = rows.map(([id]) => id).filter((id) => !isNew.has(id));
const indexOf = new Map(known.map((id, index) => [id, index]));
const training = sequences.map((own) =>
  Int32Array.from(own.flatMap((id) => indexOf.get(id) ?? [])),
);

const titles = await fitTextDescriptor(
  known.map((id) => titleOf.get(id)),
  { random: seededRandom(seed) },
);
const vectorOf = new Map();
for (const [id, title] of titleOf) {
  const prepared = await titles.prepare(title).catch(() => undefined); // it shares nothing with the others
  if (!prepared) continue;
  const vector = await titles.embed([prepared]);
  if (vector.every(Number.isFinite)) vectorOf.set(id, vector);
}

/** Users at even distances, of those of whom there is a case. */
function sampled(cases) {
  const step = Math.max(1, Math.floor(cases.length / caseCount));
  return cases.filter((_, at) => at % step === 0).slice(0, caseCount);
}
const newCases = sampled(
  sequences.flatMap((own) => {
    const at = own.findLastIndex((id, place) => place > 0 && isNew.has(id) && vectorOf.has(id));
    return at < 0 ? [] : [{ target: own[at], history: own.slice(0, at) }];
  }),
);
const knownCases = sampled(
  sequences.flatMap((own) =>
    // Leave-one-out keeps the last two known items of a user out of training, if there are five.
    isNew.has(own.at(-1)) || own.filter((id) => !isNew.has(id)).length < 5
      ? []
      : [{ target: own.at(-1), history: own.slice(0, -1) }],
  ),
);

async function trained(kind) {
  const { id, fusion } = streamsOf[kind];
  const vectors = new Float32Array(known.length * titles.dimension);
  for (const [item, name] of known.entries()) {
    vectors.set(vectorOf.get(name) ?? [], item * titles.dimension);
  }
  const present = known.map((name) => (vectorOf.has(name) ? 1 : 0));
  const workspace = openWorkspace({
    engine: compiledEngine({ threads }),
    dataset: {
      userIds: sequences.map((_, user) => `${user}`),
      itemIds: known,
      sequences: training,
    },
    vectors: { text: { dimension: titles.dimension, vectors, present } },
    encoder: ({ itemCount, vectors: widths }) =>
      transformerEncoder({
        ...{ itemCount, maxLength, dimension, blockCount: 2, headCount: 2 },
        ...{ streams: { id, vectors: widths }, fusion },
      }),
    ...{ maxLength, seed, validationSample: 1000 },
  });
  const { weights } = await pretrain(workspace, { maxEpochs: epochs });
  const { encoder, scores, items, newItems, ...settings } = await exportEncoder(workspace, weights);
  await workspace.dispose();
  const counts = new Int32Array(known.length);
  for (const own of training) for (const item of own) counts[item]++;
  return {
    model: kind,
    settings: { itemCount: known.length, width: items.shape[1], ...settings },
    ...{ encoder, scores, newItems, counts },
    vectors: items.data,
    items: known.map((name) => ({ id: name })),
    metrics: {},
  };
}

/** The mean over target items of the share of their cases that hit: a few items are a large share of all cases. */
function hitRateByItem(cases, answers, count) {
  const byItem = new Map(cases.map(({ target }) => [target, []]));
  for (const [at, { target }] of cases.entries()) byItem.get(target).push(at);
  const rates = [...byItem.values()].map((own) =>
    hitRate(
      own.map((at) => cases[at]),
      own.map((at) => answers[at]),
      count,
    ),
  );
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

/** Share of cases whose target is among the first. */
const hitRate = (cases, answers, count) =>
  cases.filter(({ target }, at) =>
    answers[at].items.slice(0, count).some(({ id }) => id === target),
  ).length / cases.length;

async function figuresOf(kind) {
  const where = await mkdtemp(join(tmpdir(), 'new-items-'));
  try {
    const bundle = join(where, 'bundle');
    await writeBundle(bundle, await trained(kind));
    const opened = await openBundle(bundle, { threads });
    const added = [...isNew].filter((id) => vectorOf.has(id));
    await opened.add(added.map((id) => ({ id, vectors: { text: vectorOf.get(id) } })));
    const ask = (cases) =>
      opened.recommendAll(cases.map(({ history }) => ({ history, count: 50 })));
    const popular = await opened.recommendAll(
      newCases.map(({ history }) => ({ exclude: history, count: 50 })),
    );
    const [found, ofKnown] = [await ask(newCases), await ask(knownCases)];
    await opened.dispose();
    const among = known.length + added.length;
    const random = (count) =>
      newCases.reduce((sum, { history }) => sum + count / (among - history.length), 0) /
      newCases.length;
    const first = ofKnown.flatMap(({ items }) => items.slice(0, 10));
    return [
      // Encoders of ids score new items on another scale: what they find is told, and no bar.
      kind === 'texts'
        ? atLeast(`${kind}: new, hit@10`, hitRate(newCases, found, 10), '', 3 * random(10))
        : figure(`${kind}: new, hit@10`, hitRate(newCases, found, 10), ''),
      figure(`${kind}: new, hit@50`, hitRate(newCases, found, 50), ''),
      figure(`${kind}: new, hit@10 by item`, hitRateByItem(newCases, found, 10), ''),
      figure(`${kind}: new, hit@50 by item`, hitRateByItem(newCases, found, 50), ''),
      figure(`${kind}: known, hit@10 by item`, hitRateByItem(knownCases, ofKnown, 10), ''),
      figure(`${kind}: known, hit@50 by item`, hitRateByItem(knownCases, ofKnown, 50), ''),
      figure(`${kind}: random, hit@10`, random(10), ''),
      figure(`${kind}: random, hit@50`, random(50), ''),
      figure(`${kind}: popularity, hit@50`, hitRate(newCases, popular, 50), ''),
      figure(`${kind}: known, hit@10`, hitRate(knownCases, ofKnown, 10), ''),
      figure(`${kind}: known, hit@50`, hitRate(knownCases, ofKnown, 50), ''),
      figure(
        `${kind}: share of new`,
        first.filter(({ id }) => isNew.has(id)).length / first.length,
        '',
      ),
    ];
  } finally {
    await rm(where, { recursive: true });
  }
}

say(`${known.length} known items, ${isNew.size} new; ${newCases.length} cases of new items`);
const figures = [];
for (const kind of values.kinds.split(',')) {
  if (!streamsOf[kind])
    throw new Error(`Expected --kinds of texts, gated, early, late, got ${kind}.`);
  figures.push(...(await figuresOf(kind)));
  say(`${kind} is done`);
}
conclude(figures, { json: values.json });
