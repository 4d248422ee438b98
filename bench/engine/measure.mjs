// Runs the contenders of a case in turns.
import { setTimeout as sleep } from 'node:timers/promises';
import { AbsentError, startContender } from './contender.mjs';

/** Between two contenders, so that threads of the one that ran stop spinning. */
const pauseMilliseconds = 150;

/**
 * Starts every contender in a process of its own, one after the other, and then lets each run a
 * few times a round, never two at once. Every other round goes backwards, so that nobody always
 * runs after the same one.
 *
 * With `settings`, a round is such turns under each of them, once `apply` has set it.
 *
 * @returns per contender: what it said when ready, every run's milliseconds and value, the same by
 * `turns` with the setting of each, its peak memory in MiB; or why it is `absent`
 */
export async function measure(contenders, plan, say) {
  const { rounds, runs, settings = [undefined], apply = () => {} } = plan;
  const entries = [];
  try {
    for (const contender of contenders) {
      say(`  ${contender.name}: setting up`);
      entries.push(await start(contender));
    }
    for (let round = 0; round < rounds; round++) {
      say(`  round ${round + 1} of ${rounds}`);
      const inTurn = round % 2 === 0 ? entries : [...entries].reverse();
      for (const setting of settings) {
        await apply(setting);
        for (const entry of inTurn) await takeTurn(entry, round, { runs, setting });
      }
    }
    for (const entry of entries) {
      if (entry.process) entry.peakMemory = entry.process.peakMemory();
    }
  } finally {
    await Promise.all(entries.map(({ process }) => process?.stop()));
  }
  return entries;
}

async function start(contender) {
  try {
    const process = await startContender(contender);
    const { values, ...ready } = process.ready;
    return { ...contender, process, ready, values: [...values], milliseconds: [], turns: [] };
  } catch (error) {
    if (!(error instanceof AbsentError)) throw error;
    return { ...contender, absent: error.message.trim() };
  }
}

async function takeTurn(entry, round, { runs, setting }) {
  if (entry.absent || round >= (entry.rounds ?? Number.POSITIVE_INFINITY)) return;
  await sleep(pauseMilliseconds);
  try {
    const reply = await entry.process.request({ runs: entry.runs ?? runs });
    entry.milliseconds.push(...reply.milliseconds);
    entry.values.push(...reply.values);
    const { milliseconds, processorMilliseconds } = reply;
    entry.turns.push({ setting, milliseconds, processorMilliseconds });
  } catch (error) {
    if (!(error instanceof AbsentError)) throw error;
    entry.absent = error.message.trim();
    entry.process = undefined;
  }
}
