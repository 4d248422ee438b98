import { dirname, resolve } from 'node:path';
import { isPattern, literalPattern } from '@rodpo/data';
import { ActionableError } from '@rodpo/errors';
import { gbceDefaults, pretrainDefaults } from '@rodpo/recipe';
import { z } from 'zod';
import { alignSection } from './align-settings.ts';
import { sampledLoss } from './candidate-settings.ts';
import { configProblems } from './config-problems.ts';
import { count } from './count-setting.ts';
import { coreDefaults, type DataSettings, dataSection, isTable } from './data-settings.ts';
import { encoderSection } from './encoder-settings.ts';
import {
  catalogueSettings,
  featureSettings,
  type VectorSource,
  vectorFiles,
} from './feature-settings.ts';
import { namingKeys } from './naming-keys.ts';
import { path } from './path-setting.ts';
import { readSettings } from './read-settings.ts';
import { splitSection } from './split-settings.ts';

const share = z.number().min(0).lt(1);

const pretrainLoss = z.discriminatedUnion('kind', [
  /** `softmax`, or `sampled` for a large catalogue. */
  z.strictObject({ kind: z.literal('auto') }),
  sampledLoss,
  /** Cross-entropy over the whole catalogue. */
  z.strictObject({ kind: z.literal('softmax') }),
  /** Binary cross-entropy against items drawn uniformly, none that the user is read to have chosen. */
  z.strictObject({
    kind: z.literal('gbce'),
    /** Drawn for each position. */
    negatives: count.default(gbceDefaults.negatives),
    /** 0 with one negative is SASRec's loss; gSASRec's authors take 0.75 with 256. */
    calibration: z.number().min(0).max(1).default(gbceDefaults.calibration),
    /** Added to every score while learning: `prior` begins where the loss would push all scores. */
    offset: z.enum(['prior', 'none']).default(gbceDefaults.offset),
  }),
]);

/** Every setting of a run, with its default. Sizes are counts, rates are shares of 1. */
const configSchema = z.strictObject({
  /** Run folder, relative to where the command is run. */
  output: path.default('runs/storefront'),
  seed: z.int().nonnegative().default(1),
  engine: z
    .strictObject({
      kind: z.enum(['onnxruntime', 'tfjs']).default('onnxruntime'),
      /** Native threads; null takes all that the machine offers. */
      threads: count.max(1024).nullable().default(null),
      /** onnxruntime's, best first. */
      executionProviders: z.array(z.string()).min(1).default(['cpu']),
    })
    .prefault({}),
  data: dataSection,
  /** Null takes the simulator's products. */
  catalogue: catalogueSettings.nullable().default(null),
  features: featureSettings.prefault({}),
  /** 1 keeps everyone and everything. A table has `data.steps` in its place. */
  kCore: z
    .strictObject({
      minUserInteractions: count.default(coreDefaults.users),
      minItemInteractions: count.default(coreDefaults.items),
    })
    .prefault({}),
  split: splitSection,
  encoder: encoderSection,
  /** Where item rows are kept in training: in each step, on the host, or there for a large catalogue. */
  itemRows: z.enum(['auto', 'program', 'host']).default('auto'),
  batch: z
    .strictObject({
      /** Tokens a packed row holds; at least `encoder.maxLength`. */
      rowLength: count.default(64),
      rowCount: count.default(24),
      /** Tokens whose catalogue scores exist at a time; divides rowLength · rowCount. */
      blockSize: count.default(512),
      /**
       * Learn from windows over each user's whole training part, `stride` items apart (by default
       * `encoder.maxLength`). Absent: from its last `encoder.maxLength` targets alone.
       */
      windows: z.strictObject({ stride: count.optional() }).optional(),
    })
    .prefault({}),
  pretrain: z
    .strictObject({
      loss: pretrainLoss.prefault({ kind: 'auto' }),
      learningRate: z.number().positive().default(pretrainDefaults.learningRate),
      dropout: share.default(pretrainDefaults.dropout),
      maxEpochs: count.default(pretrainDefaults.maxEpochs),
      /** Epochs without a better validation NDCG@10 after which training stops. */
      patience: count.default(pretrainDefaults.patience),
    })
    .prefault({}),
  align: alignSection,
  evaluate: z
    .strictObject({
      cutoffs: z.array(count).min(1).default([5, 10, 20]),
      /**
       * Select by the ranking with the user's whole history left out, but for the target, if it stands
       * there. Results are reported both ways.
       */
      maskHistory: z.boolean().default(false),
      /** Users whose validation items are ranked after each epoch, drawn by the seed; null ranks all. */
      sample: count.nullable().default(null),
    })
    .prefault({}),
});

export type Config = z.output<typeof configSchema>;

/** A config file that does not say what a run needs. */
export class ConfigError extends ActionableError {
  override readonly name = 'ConfigError';
}

/**
 * Reads and checks a config file; without one, every default. Data paths in it are relative to
 * the file.
 *
 * @throws {ConfigError} naming each wrong setting, what was expected and what came
 */
export async function loadConfig(file?: string): Promise<Config> {
  if (file === undefined) return parseConfig({}, 'the defaults');
  return withPathsFrom(dirname(file), parseConfig(await readSettings(file, 'config'), file));
}

export function withPathsFrom(folder: string, config: Config): Config {
  const { data, catalogue, features } = config;
  const { models } = features;
  const from = (path: string) => resolve(folder, path);
  const fromPattern = (path: string) =>
    isPattern(path) ? resolve(literalPattern(resolve(folder)), path) : from(path);
  return {
    ...config,
    data: dataFrom(data, { from, fromPattern }),
    catalogue: catalogue && {
      ...catalogue,
      path: from(catalogue.path),
      ...('images' in catalogue ? { images: from(catalogue.images) } : {}),
    },
    features: {
      ...features,
      image: features.image && vectorsFrom(features.image, from),
      text: features.text && vectorsFrom(features.text, from),
      models: {
        ...models,
        folder: models.folder && from(models.folder),
        cache: models.cache && from(models.cache),
      },
    },
  };
}

interface PathsFrom {
  readonly from: (path: string) => string;
  /** The same of what may be a pattern: what the folder is called is none. */
  readonly fromPattern: (path: string) => string;
}

function dataFrom(data: DataSettings, { from, fromPattern }: PathsFrom): DataSettings {
  if (data.source === 'simulator') return data;
  if (!isTable(data)) return { ...data, path: from(data.path) };
  return { ...data, path: [data.path].flat().map(fromPattern) };
}

function vectorsFrom<Settings extends { from?: VectorSource }>(
  settings: Settings,
  from: (path: string) => string,
): Settings {
  if (!settings.from) return settings;
  const files = vectorFiles(settings.from);
  const moved = Object.fromEntries(Object.entries(files).map(([name, path]) => [name, from(path)]));
  return { ...settings, from: { ...settings.from, ...moved } };
}

/** @throws {ConfigError} */
export function parseConfig(value: unknown, origin: string): Config {
  const result = configSchema.safeParse(value, { error: namingKeys });
  if (!result.success) {
    throw new ConfigError(`${origin} is not a valid config.\n${z.prettifyError(result.error)}`);
  }
  const problems = configProblems(result.data);
  if (problems.length > 0) throw new ConfigError(`${origin}: ${problems.join('; ')}.`);
  return result.data;
}
