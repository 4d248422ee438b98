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

const timesOf = ({ turns }, load, unit) =>
  turns.filter(({ setting }) => setting === load).flatMap((turn) => turn[unit]);

/**
 * Medians of durations and of processor time, which waiting threads take from others; and durations
 * over tfjs-node's, with a bar for our default.
 */
export function loadFigures(key, { peerBar }, entries) {
  const present = entries.filter(({ absent }) => !absent);
  const peer = present.find(({ name }) => name === 'tfjs-node');
  return loads.flatMap((load) => {
    const title = (entry, what = '') => `${key}, ${load}: ${entry.name}${what}`;
    const times = present.flatMap((entry) => [
      figure(title(entry), median(timesOf(entry, load, 'milliseconds')), 'ms'),
      figure(
        title(entry, ', processor time'),
        median(timesOf(entry, load, 'processorMilliseconds')),
        'ms',
      ),
    ]);
    const ratios = present
      .filter((entry) => peer && entry !== peer)
      .map((entry) => {
        const name = title(entry, ` / ${peer.name}`);
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
      const all = timesOf(entry, load, 'milliseconds');
      const range = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}`;
      const processor = median(timesOf(entry, load, 'processorMilliseconds'));
      const [time, taken] = [median(all), processor].map((value) => value.toFixed(0));
      return `${time} (${range})`.padStart(24) + taken.padStart(12);
    });
    return `  ${entry.name.padEnd(32)}${cells.join('')}`;
  });
  const titles = loads.map((load) => `${load}, ms`.padStart(24) + 'processor'.padStart(12));
  return [`  ${''.padEnd(32)}${titles.join('')}`, ...lines].join('\n');
}
