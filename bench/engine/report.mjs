// From what was measured to figures with bars, and to tables.
import { atMost, figure } from '../common/figures.mjs';
import { median } from '../common/median.mjs';
import { isBarred } from './cases.mjs';
import { lossDifference } from './checks.mjs';

/** The fastest form of each PyTorch, over its thread counts: `[peer, entry]`. */
function fastestPeers(entries) {
  const fastest = new Map();
  for (const entry of entries) {
    if (entry.absent || !entry.peer) continue;
    const known = fastest.get(entry.peer);
    if (!known || entry.time < known.time) fastest.set(entry.peer, entry);
  }
  return [...fastest];
}

/** Whether the checks of a case found what was timed to be right. */
export const verdict = (key, isRight) =>
  figure(`${key}: results are right`, Number(isRight), '', 1, isRight);

/** Figures of one case, in the form that `--json` prints. */
export function figures(key, definition, measured, profiled) {
  const entries = measured.map((entry) =>
    entry.absent ? entry : { ...entry, time: median(entry.milliseconds) },
  );
  const [ours, plain] = entries;
  const name = (what) => `${key}: ${what}`;
  const result = [figure(name('rodpo'), ours.time, 'ms')];
  const ratio = (other) => ours.time / other.time;
  const peers = fastestPeers(entries);
  const barred = fastestBarred(peers);

  for (const [peer, entry] of peers) {
    const title = name(`rodpo / ${peer}`);
    result.push(figure(name(entry.name), entry.time, 'ms'));
    if (entry === barred && definition.bar) {
      result.push(atMost(title, ratio(entry), 'times', definition.bar));
    } else {
      result.push(figure(title, ratio(entry), 'times'));
    }
  }
  if (plain?.plain) {
    const title = name('rodpo / rodpo, plain step');
    result.push(atMost(title, ratio(plain), 'times', definition.plainStepBar));
  }
  for (const entry of entries) {
    if (entry.absent || entry.peer || entry === ours || entry.plain) continue;
    result.push(figure(name(entry.name), entry.time, 'ms'));
    result.push(figure(name(`rodpo / ${entry.name}`), ratio(entry), 'times'));
  }
  const difference = lossDifference(entries, definition);
  if (difference !== undefined) {
    const title = name('largest relative difference of losses');
    result.push(atMost(title, difference, '', definition.lossBar));
  }
  return [...result, ...costs(name, definition, ours, barred, profiled)];
}

/** The fastest form of the PyTorch that has bars; nothing if it did not run. */
function fastestBarred(peers) {
  const barred = peers.map(([, entry]) => entry).filter(({ ready }) => isBarred(ready.version));
  return barred.sort((a, b) => a.time - b.time)[0];
}

/** Memory, preparation, and where the time goes. */
function costs(name, definition, ours, barred, profiled) {
  const result = [figure(name('rodpo, peak memory'), ours.peakMemory, 'MiB')];
  if (definition.memoryBar && barred) {
    const title = name(`rodpo / ${barred.peer}, peak memory`);
    const value = ours.peakMemory / barred.peakMemory;
    result.push(atMost(title, value, 'times', definition.memoryBar));
  }
  if (definition.setupBar) {
    const { setupSeconds } = ours.ready;
    result.push(atMost(name('rodpo, trace and session'), setupSeconds, 's', definition.setupBar));
  }
  if (definition.multiplicationBar) {
    const { multiplicationBar: bar } = definition;
    const title = name('rodpo, share of matrix multiplication (at least)');
    result.push(figure(title, profiled.share, '', bar, profiled.share >= bar));
  }
  return result;
}

/** A table of one case's contenders. */
export function contenderTable(entries) {
  const ours = median(entries[0].milliseconds);
  const lines = entries.map((entry) => {
    if (entry.absent) return `  ${entry.name}: left out: ${entry.absent}`;
    const time = median(entry.milliseconds);
    const cells = [time.toFixed(1), (ours / time).toFixed(3), entry.peakMemory.toFixed(0)];
    const setup = entry.ready.setupSeconds?.toFixed(2) ?? '';
    const losses = `${entry.values[0].toPrecision(5)} … ${entry.values.at(-1).toPrecision(5)}`;
    const numbers = [...cells, setup].map((cell) => cell.padStart(10)).join('');
    return `  ${entry.name.padEnd(32)}${numbers}   ${losses}`;
  });
  const titles = ['ms', 'ours ÷', 'peak MiB', 'set-up s'].map((title) => title.padStart(10));
  return [`  ${''.padEnd(32)}${titles.join('')}   value`, ...lines].join('\n');
}

export function operatorTable({ operators, share }) {
  const lines = operators.map(({ operator, milliseconds, count }) =>
    [operator.padEnd(28), milliseconds.toFixed(2).padStart(10), count.toFixed(0).padStart(8)].join(
      '',
    ),
  );
  const header = `${'operator'.padEnd(28)}${'ms'.padStart(10)}${'nodes'.padStart(8)}`;
  const percent = (100 * share).toFixed(1);
  return [header, ...lines, `matrix multiplication: ${percent} %`]
    .map((line) => `  ${line}`)
    .join('\n');
}

export function figureTable(cases) {
  return cases
    .map(({ name, value, unit, bar, pass }) => {
      const judged = bar === null ? '' : `  bar ${bar}: ${pass ? 'pass' : 'FAIL'}`;
      return `${name}: ${value.toPrecision(4)} ${unit}${judged}`;
    })
    .join('\n');
}
