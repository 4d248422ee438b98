import { isDeepStrictEqual } from 'node:util';
import { type Config, ConfigError } from '../config/config.ts';
import { idleProblems, nameProblems, poolProblems, repeated } from '../config/config-problems.ts';
import { reportedCutoffs } from '../config/reported-cutoffs.ts';
import type { CompareConfig } from './compare-config.ts';
import { withPoolSize } from './tuning.ts';
import { strategiesOf } from './units.ts';

/** @throws {ConfigError} if settings contradict one another, naming all that do */
export function checkSettings(config: CompareConfig, origin: string): void {
  const problems = [
    ...namesTwice(config),
    ...sweepProblems(config),
    ...tuningProblems(config),
    ...dataProblems(config),
    ...splitProblems(config),
    ...lossProblems(config),
    ...drawProblems(config),
  ];
  if (problems.length > 0) throw new ConfigError(`${origin}: ${problems.join('; ')}.`);
}

function namesTwice({ settings }: CompareConfig): string[] {
  const encoders = settings.encoders.map(({ name }) => name);
  const models = strategiesOf(settings, sweptEncoder(settings)).map(
    ({ strategy }) => strategy.name,
  );
  return [
    ...repeated(encoders).map((name) => `there are two encoders '${name}'`),
    ...nameProblems(models),
    ...repeated(settings.seeds.map(String)).map((seed) => `seed ${seed} is there twice`),
    ...models
      .filter((name) => /-trial-\d+$/.test(name))
      .map((name) => `'${name}' is a name of tuning's trials`),
  ];
}

function sweptEncoder({ sweep, encoders }: CompareConfig['settings']): string {
  return sweep?.encoders?.[0] ?? encoders[0]!.name;
}

function sweepProblems({ settings: { sweep, strategies, encoders } }: CompareConfig): string[] {
  if (!sweep) return [];
  const strategy = strategies.find(({ name }) => name === sweep.strategy);
  const names = encoders.map(({ name }) => name);
  const unknown = sweep.encoders?.filter((name) => !names.includes(name)) ?? [];
  const small = sweep.poolSizes.filter((size) => strategy && size < strategy.count);
  return [
    ...(strategy?.negatives.from === 'pool'
      ? []
      : [`sweep.strategy must name a strategy that draws from a pool, got '${sweep.strategy}'`]),
    ...unknown.map((name) => `sweep.encoders must name encoders, got '${name}'`),
    ...small.map(
      (size) => `sweep.poolSizes must be at least the strategy's ${strategy!.count}, got ${size}`,
    ),
  ];
}

/** What selects must be among the figures that training logs. */
function tuningProblems({ settings: { tuning }, encoders }: CompareConfig): string[] {
  if (!tuning) return [];
  const cutoffs = reportedCutoffs(encoders[0]!.config);
  return cutoffs.includes(Number(tuning.metric.split('@')[1]))
    ? []
    : [`tuning.metric must have a cutoff of evaluate.cutoffs (${cutoffs}), got ${tuning.metric}`];
}

/** Figures of different data or rules cannot be compared. */
function dataProblems({ encoders }: CompareConfig): string[] {
  const [first, ...others] = encoders.map(({ name, config }) => ({ name, rules: rulesOf(config) }));
  const sections = Object.keys(first!.rules) as (keyof ReturnType<typeof rulesOf>)[];
  return sections.flatMap((section) =>
    others
      .filter(({ rules }) => !isDeepStrictEqual(rules[section], first!.rules[section]))
      .map(({ name }) => `encoder '${name}' must not change ${section}: all are judged alike`),
  );
}

/** What figures depend on. Every model is ranked both ways, whichever of them selects its weights. */
function rulesOf({ data, kCore, split, evaluate: { maskHistory: _, ...evaluate } }: Config) {
  return { data, kCore, split, evaluate };
}

/** Tests are paired over users, of whom each must count once. */
function splitProblems({ encoders }: CompareConfig): string[] {
  const { kind } = encoders[0]!.config.split;
  if (kind === 'leave-one-out' || kind === 'users') return [];
  return [
    `split.kind must be 'leave-one-out' or 'users', got '${kind}': a comparison's tests are paired ` +
      'over users, of whom it holds out several items. Run strategies one by one for such a split',
  ];
}

/** Whatever each encoder's base says of the weight. */
function lossProblems({ settings: { strategies }, encoders }: CompareConfig): string[] {
  const problems = encoders.flatMap(({ config }) =>
    strategies.flatMap((strategy) => idleProblems(config, strategy)),
  );
  return [...new Set(problems)];
}

/**
 * Every pool that is compared or tried must leave something to draw.
 *
 * @throws {ConfigError} if one does not, of a catalogue of so many items
 */
export function requireDraws(config: CompareConfig, itemCount: number): void {
  const problems = drawProblems(config, itemCount);
  if (problems.length > 0)
    throw new ConfigError(`The comparison does not fit: ${problems.join('; ')}.`);
}

function drawProblems({ settings, encoders }: CompareConfig, itemCount?: number): string[] {
  const sizes = settings.tuning?.space.poolSize ?? [];
  const problems = encoders.flatMap(({ name, config }) =>
    strategiesOf(settings, name).flatMap(({ strategy, sweepPoolSize }) => {
      const isTuned = sweepPoolSize === undefined && strategy.negatives.from === 'pool';
      const tried = isTuned ? sizes.map((size) => withPoolSize(strategy, size)) : [];
      return [strategy, ...tried].flatMap((one) => poolProblems(config, one, itemCount));
    }),
  );
  return [...new Set(problems)];
}
