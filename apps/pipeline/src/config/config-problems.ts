import { candidateDefaults, excludedCount, tokenCount } from '@rodpo/recipe';
import { alignSettings, isControl, type Strategy } from './align-settings.ts';
import type { Config } from './config.ts';
import { coreDefaults, isTable } from './data-settings.ts';
import { encoderCostOf, narrowVectors } from './encoder-of.ts';
import { itemRowsOf } from './item-rows.ts';

/** Name of the model that strategies are compared with. */
export const baseline = 'pretrained';

/** What is wrong with settings that are right one by one. */
export function configProblems(config: Config): string[] {
  const { align } = config;
  return [
    ...sizeProblems(config),
    ...encoderProblems(config),
    ...coreProblems(config),
    ...nameProblems(align.strategies.map(({ name }) => name)),
    ...align.strategies.flatMap((strategy) => idleProblems(config, strategy)),
  ];
}

/** A strategy must leave something to learn from. */
export function idleProblems({ align }: Pick<Config, 'align'>, strategy: Strategy): string[] {
  const { name, loss, crossEntropyWeight } = alignSettings(align, strategy);
  if (loss !== 'none' || crossEntropyWeight > 0) return [];
  return [
    `strategy '${name}' has nothing to learn from: its loss is 'none' and its crossEntropyWeight 0. ` +
      'Raise the weight, or choose another loss',
  ];
}

/** Results are kept by name: two of one name would be one. */
export function nameProblems(names: readonly string[]): string[] {
  return repeated([baseline, ...names]).map((name) =>
    name === baseline
      ? `no strategy can be called '${baseline}', as the baseline is`
      : `there are two strategies '${name}'`,
  );
}

/** What is there more than once. */
export function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Strategies that the catalogue is too small for: what does not align has no use for them. */
export function strategyProblems(config: Config, itemCount?: number): string[] {
  return config.align.strategies.flatMap((strategy) => poolProblems(config, strategy, itemCount));
}

/**
 * The pool and the exclusions must leave something to draw, where the catalogue's size is known.
 *
 * @param itemCount of the catalogue; without it that of a simulation is known alone
 */
export function poolProblems(config: Config, strategy: Strategy, itemCount?: number): string[] {
  const { data, align } = config;
  const known = itemCount ?? (data.source === 'simulator' ? data.itemCount : undefined);
  const { negatives, count, exclude } = alignSettings(align, strategy);
  if (known === undefined || isControl(strategy) || negatives.from === 'history') return [];
  const size = negatives.from === 'pool' ? negatives.size : count;
  const excluded = excludedCount(config.encoder, { exclude });
  const available = Math.min(candidateCount(config, negatives, known), known);
  if (size + excluded <= available) return [];
  return [
    `strategy '${strategy.name}' needs ${size + excluded} items (${size} to draw from, ${excluded} ` +
      `excluded), and there are ${available}${available < known ? ' candidates' : ''}: draw from fewer, or set ` +
      "align.exclude to 'chosen'",
  ];
}

/** Items that pools are the best of, as the recipe decides it by the catalogue's size. */
function candidateCount(
  { itemRows }: Config,
  negatives: Strategy['negatives'],
  itemCount: number,
): number {
  if (negatives.from !== 'pool') return itemCount;
  if (negatives.among) return negatives.among.candidates;
  return itemRowsOf(itemRows, itemCount) === 'host' ? candidateDefaults.candidates : itemCount;
}

/** Typed arrays and tensors are numbered by 32-bit integers. */
const mostElements = 2 ** 31 - 1;

function sizeProblems(config: Config): string[] {
  const { batch, encoder } = config;
  const tokens = tokenCount(batch);
  const { stride = 1 } = batch.windows ?? {};
  const problems = [
    stride > encoder.maxLength + 1 &&
      `batch.windows.stride (${stride}) must be at most encoder.maxLength + 1 ` +
        `(${encoder.maxLength + 1}): else items are in no window`,
    batch.rowLength < encoder.maxLength &&
      `batch.rowLength (${batch.rowLength}) must be at least encoder.maxLength (${encoder.maxLength})`,
    tokens % batch.blockSize !== 0 &&
      `batch.blockSize (${batch.blockSize}) must divide rowLength · rowCount (${tokens})`,
    tokens > mostElements &&
      `batch.rowLength · rowCount must be at most ${mostElements}, got ${tokens}`,
    encoder.dimension % encoder.headCount !== 0 &&
      `encoder.headCount (${encoder.headCount}) must divide encoder.dimension (${encoder.dimension})`,
  ];
  return problems.filter((problem) => problem !== false);
}

/** One place says what is kept: a threshold that nothing reads would be taken for one that holds. */
function coreProblems({
  data,
  kCore: { minUserInteractions, minItemInteractions },
}: Config): string[] {
  const isDefault =
    minUserInteractions === coreDefaults.users && minItemInteractions === coreDefaults.items;
  if (!isTable(data) || isDefault) return [];
  return [
    `kCore is not read where data.source is '${data.source}': write a step of it, ` +
      `{ "kind": "core", "users": ${minUserInteractions}, "items": ${minItemInteractions} } in data.steps`,
  ];
}

/** What the encoder itself refuses, whatever data it is for. */
function encoderProblems({ encoder, batch }: Config): string[] {
  try {
    encoderCostOf(encoder, { itemCount: 1, vectors: narrowVectors(encoder) }, batch.rowLength);
    return [];
  } catch (error) {
    if (error instanceof RangeError) return [`encoder: ${error.message}`];
    throw error;
  }
}
