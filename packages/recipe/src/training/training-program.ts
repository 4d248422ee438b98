import type { StepFunction } from '@rodpo/compile';
import {
  type EmbeddingTable,
  embeddingTable,
  type RowOptimiser,
  sparseAdam,
  sparseAdamW,
} from '@rodpo/embeddings';
import { actionable } from '@rodpo/errors';
import type { NamedArray } from '@rodpo/files';
import { averagesOf, type Optimiser, type OptimiserOptions } from '@rodpo/trainer';
import { type HeldProgram, type TrainedRows, withHostRows } from '../rows/host-rows.ts';
import { arraysOf, type RowSource, rowsInMemory } from '../rows/row-source.ts';
import { rowCapacity, rowsPrefix } from '../steps/row-names.ts';
import { optimiserPrefix, prefixed, type Specs, unprefixed } from '../steps/tokens.ts';
import type { StepSettings } from '../steps/training-step.ts';
import { splitRows } from '../workspace/item-rows.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { trainingState } from './train.ts';

/** What of a workspace a training program is made of. */
export type ProgramWorkspace = Pick<
  Workspace,
  'engine' | 'encoder' | 'features' | 'layout' | 'set' | 'itemRows'
>;

export interface TrainingProgramOptions {
  readonly step: StepFunction;
  /** What every run is given. */
  readonly inputs: Specs;
  readonly settings: StepSettings;
  /** Constants beside the features, `[itemCount, …]`: inputs where rows are on the host, else state. */
  readonly rows?: Readonly<Record<string, NamedArray>>;
  /** Other constants. */
  readonly state?: Readonly<Record<string, NamedArray>>;
  /** Whether `weights` may be trained themselves, where rows are on the host. Default: a copy is. */
  readonly adopt?: boolean;
}

/** A program that trains `weights`, whose item rows it carries or finds on the host. */
export async function trainingProgram(
  workspace: ProgramWorkspace,
  weights: Weights,
  options: TrainingProgramOptions,
): Promise<HeldProgram> {
  const { engine, encoder, features, itemRows } = workspace;
  const { step, inputs, settings, rows = {}, state = {} } = options;
  if (itemRows === 'host') return hostProgram(workspace, weights, options);
  return engine.program(step, {
    state: {
      ...trainingState(weights, encoder, settings.optimiser),
      ...arraysOf(features),
      ...rows,
      ...state,
    },
    inputs,
  });
}

async function hostProgram(
  { engine, encoder, features, set: { itemCount } }: ProgramWorkspace,
  weights: Weights,
  { step, inputs, settings, rows = {}, state = {}, adopt = false }: TrainingProgramOptions,
): Promise<HeldProgram> {
  const { rows: rowWeights, others } = splitRows(encoder, weights);
  const frozen = Object.entries(rows).map(([name, own]) => [name, rowsInMemory(own)] as const);
  const constants = { ...features, ...Object.fromEntries(frozen) };
  const capacity = rowCapacity(inputs, itemCount);
  const given = { ...prefixed(rowWeights, rowsPrefix), ...constants };
  const carried = trainingState(others, encoder, settings.optimiser);
  checkAverages(carried);
  checkAccumulation(settings.optimiser);
  const trained = Object.entries(rowWeights).map(([name, own]) => [
    name,
    trainedRows(name, own, settings, adopt),
  ]);
  const program = await engine.program(step, {
    state: { ...carried, ...state },
    inputs: { ...inputs, ...capacitySpecs(given, capacity) },
  });
  return withHostRows(program, {
    inputs,
    itemCount,
    capacity,
    trained: Object.fromEntries(trained),
    constants,
    learningRate: settings.learningRate,
  });
}

function trainedRows(
  name: string,
  { shape: [rows, width], data }: NamedArray,
  settings: StepSettings,
  adopt: boolean,
): TrainedRows {
  const sizes = { rows: rows!, width: width! };
  const values = data as Float32Array;
  const table = embeddingTable(adopt ? { ...sizes, values } : sizes);
  if (!adopt) table.values.set(values);
  return { table, optimiser: settings.rowOptimiser?.(table) ?? followed(name, table, settings) };
}

/** What has rows on the host where the step's own optimiser would have them in the program. */
function followed(
  name: string,
  table: EmbeddingTable,
  { learningRate, optimiser }: StepSettings,
): RowOptimiser {
  if (!optimiser) return sparseAdam(table, { learningRate, skipped: 'catch-up' });
  const rule = ruleOf(optimiser);
  const { learningRate: rate, decays = () => true } = rule;
  return sparseAdamW(table, {
    ...rule,
    ...(decays(name) ? {} : { weightDecay: 0 }),
    learningRate: typeof rate === 'number' ? rate : rate(0),
    skipped: 'catch-up',
  });
}

function ruleOf({ rule }: Optimiser): OptimiserOptions {
  if (rule) return rule;
  throw actionable(
    new RangeError(
      'Item rows are on the host, and the optimiser does not tell a rule of AdamW that they could follow, too. ' +
        "Give a rowOptimiser beside it, or open the workspace with itemRows 'program'.",
    ),
  );
}

/** As `sources`, with room for `capacity` rows of each. */
function capacitySpecs(
  sources: Readonly<Record<string, Pick<RowSource, 'shape'>>>,
  capacity: number,
): Specs {
  return Object.fromEntries(
    Object.entries(sources).map(([name, { shape }]) => [
      name,
      { shape: [capacity, ...shape.slice(1)], dtype: 'float32' },
    ]),
  );
}

function checkAverages(state: Readonly<Record<string, NamedArray>>): void {
  if (Object.keys(averagesOf(unprefixed(state, optimiserPrefix))).length === 0) return;
  throw actionable(
    new RangeError(
      'Averages of weights need all weights in the program, and item rows are on the host. Leave the ' +
        "average out, or open the workspace with itemRows 'program'.",
    ),
  );
}

/** Each micro-batch touches rows of its own: their gradients would have to wait for the update beside the step. */
function checkAccumulation(optimiser: Optimiser | undefined): void {
  const { accumulationSteps = 1 } = optimiser?.rule ?? {};
  if (accumulationSteps === 1) return;
  throw actionable(
    new RangeError(
      'Gradients are accumulated in the program, and item rows are on the host, where they would move with ' +
        `each of the ${accumulationSteps} micro-batches. Leave accumulationSteps out and take more rowCount, or ` +
        "open the workspace with itemRows 'program'.",
    ),
  );
}
