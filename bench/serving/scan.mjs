import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atLeast, atMost, figure } from '../common/figures.mjs';
import { median } from '../common/median.mjs';
import { startContender } from '../engine/contender.mjs';
import { clustered, width } from './bundles.mjs';

const itemCount = 1_000_000;
const queryCount = 256;
const recall = 0.98;
const local = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The index is built once, which takes minutes: contenders keep it, and are asked round by round. */
export async function measure({ folder, python, rounds, threads, say }) {
  const [items, queries] = ['items.f32', 'queries.f32'].map((name) => join(folder, name));
  await writeFile(items, clustered(itemCount));
  await writeFile(queries, clustered(queryCount, { seed: 7 }));
  const task = JSON.stringify({ items, queries, itemCount, width, threads, recall, folder });
  const args = [local('scan-worker.mjs'), task];
  const contenders = { ours: await startContender({ command: process.execPath, args }) };
  if (python) {
    const peer = { command: python, args: [local('../peers/scan_faiss.py'), task] };
    contenders.faiss = await startContender(peer);
  }
  const results = {};
  for (const kind of ['exact', 'exact together', 'approximate']) {
    results[kind] = await takeTurns(contenders, kind, rounds);
    say(`scan, ${kind}: ${JSON.stringify(results[kind].medians)} ms`);
  }
  if (results.exact.best.faiss) checkSame(results.exact.best);
  const ours = await contenders.ours.request({ kind: 'recall' });
  for (const each of Object.values(contenders)) await each.stop();
  return [
    ...Object.entries(results).flatMap(([kind, { medians, ratio }]) => [
      ...Object.entries(medians).map(([name, time]) =>
        figure(`scan, ${kind}: ${name}`, time, 'ms'),
      ),
      ...(ratio === undefined
        ? []
        : [atMost(`scan, ${kind}: ours ÷ faiss`, ratio, '×', kind === 'approximate' ? 1.2 : 1)]),
    ]),
    atLeast('scan: recall@10 of the index', ours.recall, '', recall),
  ];
}

async function takeTurns(contenders, kind, rounds) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  const best = {};
  for (let round = -1; round < rounds; round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      const { milliseconds, items } = await contender.request({ kind });
      best[name] = items;
      if (round >= 0) times[name].push(milliseconds);
    }
  }
  const medians = Object.fromEntries(
    Object.entries(times).map(([name, own]) => [name, median(own)]),
  );
  if (!times.faiss) return { medians, best };
  return { medians, best, ratio: median(times.ours.map((own, at) => own / times.faiss[at])) };
}

/** Both find the same items: else a time says nothing. Ties and rounding may swap neighbours. */
function checkSame({ ours, faiss }) {
  const differing = ours.filter((own, query) => own.some((item) => !faiss[query].includes(item)));
  if (differing.length > 0.02 * ours.length) throw new Error('The exact scans find other items.');
}
