// A case that is measured twice, in turns: alone on the machine, and beside other work.
import { atMost, figure } from '../common/figures.mjs';
import { median } from '../common/median.mjs';
import { busyProcesses } from './busy.mjs';
import { measure } from './measure.mjs';

const loads = ['idle', 'loaded'];

/** Every contender takes a turn without the busy processes, then each one with them, in each round. */
export async function measureLoads(contenders, plan, busyCount, say) {
  const busy = busyProcesses(busyCount);
  try {
    const apply = (load) => busy.set(load === 'loaded');
    return await measure(contenders, { ...plan, settings: loads, apply }, say);
  } finally {
    busy.end();
  }
}

/** Medians, and our default's times over tfjs-node's: the median of all rounds' ratios. */
export function loadFigures(key, { peerBar }, entries) {
  const present = entries.filter(({ absent }) => !absent);
  const peer = present.find(({ name }) => name === 'tfjs-node');
  return loads.flatMap((load) => {
    const times = present.map((entry) => {
      const runs = entry.turns.filter((turn) => turn.setting === load);
      const all = runs.flatMap(({ milliseconds }) => milliseconds);
      return figure(`${key}, ${load}: ${entry.name}`, median(all), 'ms');
    });
    const ratios = present
      .filter((entry) => peer && entry !== peer)
      .map((entry) => {
        const name = `${key}, ${load}: ${entry.name} / ${peer.name}`;
        const ratio = median(ratiosByRound(entry, peer, load));
        return entry.isDefault
          ? atMost(name, ratio, 'times', peerBar)
          : figure(name, ratio, 'times');
      });
    return [...times, ...ratios];
  });
}

/** The machine's speed changes from minute to minute, but little within a round. */
function ratiosByRound(entry, peer, load) {
  const mediansOf = ({ turns }) =>
    turns.filter(({ setting }) => setting === load).map(({ milliseconds }) => median(milliseconds));
  const [ours, theirs] = [mediansOf(entry), mediansOf(peer)];
  return ours.map((time, round) => time / theirs[round]);
}

/** Spinning changes times, never a bit of a result. */
export function checkEqualValues(entries) {
  const [first, ...others] = entries.filter(({ absent, isOurs }) => isOurs && !absent);
  for (const { name, values } of others) {
    if (values.join() !== first.values.join()) {
      throw new Error(`${name}: losses ${values}, but ${first.name} had ${first.values}`);
    }
  }
}

export function loadTable(entries) {
  const lines = entries.map((entry) => {
    if (entry.absent) return `  ${entry.name}: left out: ${entry.absent}`;
    const cells = loads.map((load) => {
      const turns = entry.turns.filter(({ setting }) => setting === load);
      const all = turns.flatMap(({ milliseconds }) => milliseconds);
      const range = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}`;
      return `${median(all).toFixed(0)} (${range})`.padStart(24);
    });
    return `  ${entry.name.padEnd(32)}${cells.join('')}`;
  });
  const titles = loads.map((load) => `${load}, ms`.padStart(24));
  return [`  ${''.padEnd(32)}${titles.join('')}`, ...lines].join('\n');
}
