import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { lossBySize, tokenCount } from '@rodpo/recipe';
import { type Config, ConfigError } from '../config/config.ts';
import { encoderCostOf, narrowVectors } from '../config/encoder-of.ts';
import { itemRowsOf } from '../config/item-rows.ts';

/** What is known of the data before they are made or read, or after. */
export interface DataSize {
  readonly itemCount: number;
  readonly userCount: number;
}

/** Bytes that something takes, and what makes it smaller. */
export interface Need {
  readonly of: string;
  readonly bytes: number;
  readonly advice: string;
}

/**
 * Refuses what no tuning of the engine could fit into memory: `memoryNeeds` counts less than what is
 * really needed.
 *
 * @param size of the data; until they are there, what the config says of them
 * @throws {ConfigError} with the figures, if there is not as much as needed
 */
export function requireMemory(config: Config, size: DataSize = statedSize(config)): void {
  requireBytes(memoryNeeds(config, size));
}

/** @throws {ConfigError} for more threads than any machine with so few cores has a use for */
export function requireThreads({ engine: { threads } }: Config): void {
  const cores = availableParallelism();
  const most = Math.max(64, 4 * cores);
  if (threads === null || threads <= most) return;
  throw new ConfigError(
    `engine.threads must be at most ${most} here, where there are ${cores} cores, got ${threads}. ` +
      'Null takes one a core.',
  );
}

/** @throws {ConfigError} with the figures, if there is not as much as needed */
export function requireBytes(needs: readonly Need[], available = availableBytes()): void {
  const total = needs.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= available) return;
  const most = needs.reduce((left, right) => (right.bytes > left.bytes ? right : left));
  throw new ConfigError(
    `This needs at least ${gigabytes(total)} of memory, ${gigabytes(most.bytes)} of them for ` +
      `${most.of}, and there are ${gigabytes(available)}. Lower ${most.advice}.`,
  );
}

/** Of a run at its largest, each part for itself. */
export function memoryNeeds(config: Config, { itemCount, userCount }: DataSize): Need[] {
  const { batch, encoder, data } = config;
  const tokens = tokenCount(batch);
  const scored = scoredItems(config, itemCount);
  const inputs = { itemCount, vectors: narrowVectors(encoder) };
  const { parameters } = encoderCostOf(encoder, inputs, batch.rowLength);
  const { blockCount, headCount, dimension, maxLength } = encoder;
  const attention = batch.rowCount * headCount * batch.rowLength ** 2;
  return [
    {
      of: 'simulated users and items',
      // An item's texts and vector; a user's interests, clicks and what the user came past.
      bytes: data.source === 'simulator' ? 1000 * userCount + 500 * itemCount : 0,
      advice: 'data.userCount or data.itemCount',
    },
    {
      of: `${tokens} tokens of a batch`,
      // Items, positions, segments, targets, weights and exclusions; four vectors in each block.
      bytes: 4 * tokens * (5 + maxLength + 4 * dimension * blockCount) + 4 * attention * blockCount,
      advice: 'batch.rowCount, batch.rowLength, encoder.dimension or encoder.blockCount',
    },
    {
      of: `scores of ${scored} items`,
      bytes: 4 * scored * batch.blockSize,
      advice: 'batch.blockSize',
    },
    {
      of: `${parameters} parameters`,
      // Weights, and the optimiser's two moments of each.
      bytes: 3 * 4 * parameters,
      advice: 'encoder.dimension, encoder.blockCount or its experts',
    },
  ];
}

/** Items that a step's softmax is among. */
function scoredItems({ pretrain: { loss }, itemRows }: Config, itemCount: number): number {
  const decided = lossBySize(loss, { itemRows: itemRowsOf(itemRows, itemCount) });
  return typeof decided === 'object' && decided.kind === 'sampled'
    ? Math.min(decided.candidates, itemCount)
    : itemCount;
}

function statedSize({ data }: Config): DataSize {
  return data.source === 'simulator' ? data : { itemCount: 1, userCount: 1 };
}

/** What the process may use at most: the machine's memory, or less where it is held to less. */
export function availableBytes(): number {
  const limits = [totalmem(), process.constrainedMemory(), addressSpaceLimit()];
  return Math.min(...limits.filter((limit) => limit > 0));
}

/** Of `ulimit -v`, where the system says so; 0 without a limit. */
function addressSpaceLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max address space\s+(\d+)/m.exec(limits)?.[1] ?? 0);
  } catch {
    return 0; // not on this system
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
