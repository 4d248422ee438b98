import type { Program, RunOptions, TypedArray } from '@rodpo/compile';
import type { EmbeddingTable, RowOptimiser } from '@rodpo/embeddings';
import type { NamedArray, NamedArrays } from '@rodpo/files';
import { itemInputs, rowGradientsPrefix, rowsPrefix } from '../steps/row-names.ts';
import {
  optimiserPrefix,
  prefixed,
  type Specs,
  unprefixed,
  weightPrefix,
} from '../steps/tokens.ts';
import { type LocalItems, localItems } from './local-items.ts';
import type { RowSource } from './row-source.ts';
import { rowSize } from './table-of.ts';

/** A parameter with a row for each item, and what follows its gradients. */
export interface TrainedRows {
  readonly table: EmbeddingTable;
  readonly optimiser: RowOptimiser;
}

export interface HostRowsOptions {
  /** What a run is given, all items of the catalogue by their indices. */
  readonly inputs: Specs;
  readonly itemCount: number;
  /** Rows that a step has room for: see `rowCapacity`. */
  readonly capacity: number;
  /** Trained parameters, by name. */
  readonly trained: Readonly<Record<string, TrainedRows>>;
  /** What else has a row for each item, by the name of the program's input that takes some of them. */
  readonly constants: Readonly<Record<string, RowSource>>;
  /** Of rows, where the step itself tells none. */
  readonly learningRate: number;
}

/** A program that keeps some of its state outside itself. */
export interface HeldProgram extends Program {
  /**
   * `state` as a checkpoint keeps it: rows that no step has touched lately stay behind, as they would without one,
   * so that saving changes nothing. Not to be read but by `load`. Default: `state`.
   */
  asItStands?(): ReturnType<Program['state']>;
  /** Arrays that `state` lends: what is read into them is loaded. Default: none. */
  held?(): NamedArrays;
}

type Inputs = Readonly<Record<string, TypedArray>>;

/**
 * A training program whose item rows stay on the host: a run is given the rows that it needs, under
 * numbers of its own, and the gradients of these rows are followed here. What a run costs depends on the
 * rows it touches, not on the catalogue.
 *
 * `state()` lends the tables instead of copying them: they change with the next run. It brings all rows up to date.
 */
export function withHostRows(program: Program, options: HostRowsOptions): HeldProgram {
  const rows = new StepRows(options);
  const { trained } = options;
  return {
    engine: program.engine,
    run: async (inputs: Inputs, place?: RunOptions) => {
      const outputs = await program.run(rows.localised(inputs), place);
      rows.follow(outputs);
      const own = Object.entries(outputs).filter(([name]) => !name.startsWith(rowGradientsPrefix));
      return rows.globalised(Object.fromEntries(own));
    },
    state: async () => {
      for (const { table, optimiser } of Object.values(trained)) optimiser.settle(table);
      return { ...(await program.state()), ...lent(trained) };
    },
    asItStands: async () => ({ ...(await program.state()), ...lent(trained) }),
    held: () => lent(trained),
    load: (state) => {
      for (const [name, own] of Object.entries(trained)) restore(name, own, state);
      const held = lent(trained);
      const others = Object.entries(state).filter(([name]) => !Object.hasOwn(held, name));
      program.load(Object.fromEntries(others));
    },
    assignVariables: () => program.assignVariables(),
    dispose: () => program.dispose(),
  };
}

const momentsPrefix = (name: string) => `${optimiserPrefix}${rowsPrefix}${name}.`;

function lent(trained: HostRowsOptions['trained']): Record<string, NamedArray> {
  const each = Object.entries(trained).map(([name, { table, optimiser }]) => ({
    [`${weightPrefix}${name}`]: { shape: [table.rows, table.width], data: table.values },
    ...prefixed(optimiser.state(), momentsPrefix(name)),
  }));
  return Object.assign({}, ...each);
}

function restore(
  name: string,
  { table, optimiser }: TrainedRows,
  state: Readonly<Record<string, NamedArray>>,
): void {
  const values = state[`${weightPrefix}${name}`];
  if (values && values.data !== table.values) {
    // Of a table without its moments no row waits for steps of the one before.
    optimiser.settle(table);
    table.values.set(values.data as Float32Array);
  }
  const moments = unprefixed(state, momentsPrefix(name));
  if (Object.keys(moments).length > 0) optimiser.load(moments);
}

/** In place of an item, and none. */
const padding = -(2 ** 31);

/** Padding is no item, whatever it holds: else its row would be one that the step touches. */
function withoutPadding(name: string, { segments, [name]: items }: Inputs): Int32Array {
  if (name !== 'items' && name !== 'targets') return items as Int32Array;
  return (items as Int32Array).map((item, place) => (segments![place] === 0 ? padding : item));
}

/** What of the catalogue a step gets to see, and what comes back. */
class StepRows {
  readonly #options: HostRowsOptions;
  readonly #local: LocalItems;
  readonly #sources: readonly (readonly [string, Pick<RowSource, 'gather'>])[];
  /** What the program is given of each table; the last row is that of no item: zeros. */
  readonly #gathered: ReadonlyMap<string, Float32Array>;

  constructor(options: HostRowsOptions) {
    const { itemCount, capacity, trained, constants } = options;
    this.#options = options;
    this.#local = localItems(itemCount, capacity - 1);
    const tables = Object.entries(trained).map(
      ([name, { table }]) => [`${rowsPrefix}${name}`, table] as const,
    );
    const others = Object.entries(constants);
    this.#sources = [...tables, ...others];
    this.#gathered = new Map([
      ...tables.map(([name, { width }]) => [name, new Float32Array(capacity * width)] as const),
      ...others.map(
        ([name, { shape }]) => [name, new Float32Array(capacity * rowSize(shape))] as const,
      ),
    ]);
  }

  /** The inputs by numbers of the step's own, with the rows that they number. */
  localised(inputs: Inputs): Inputs {
    const named = itemInputs(this.#options.inputs).map(
      (name) => [name, withoutPadding(name, inputs)] as const,
    );
    this.#local.renumber(named.map(([, items]) => items));
    for (const { table, optimiser } of Object.values(this.#options.trained)) {
      optimiser.settle(table, this.#local.items);
    }
    const numbered = named.map(([name, items]) => [name, this.#numbered(items)]);
    for (const [name, source] of this.#sources) {
      source.gather(this.#local.items, this.#gathered.get(name)!);
    }
    return { ...inputs, ...Object.fromEntries([...numbered, ...this.#gathered]) };
  }

  #numbered(items: Int32Array): Int32Array {
    const none = this.#options.capacity - 1;
    return items.map((item) => {
      if (item === padding) return none;
      return item < 0 ? item : this.#local.numberOf(item);
    });
  }

  /** Moves the rows that the step touched. */
  follow(outputs: Readonly<Record<string, TypedArray>>): void {
    const learningRate = outputs.learningRate?.[0] ?? this.#options.learningRate;
    for (const [name, { table, optimiser }] of Object.entries(this.#options.trained)) {
      const gradients = outputs[`${rowGradientsPrefix}${name}`] as Float32Array;
      optimiser.update(table, this.#local.items, gradients, { learningRate });
    }
  }

  /** Outputs that name items, by their indices again. */
  globalised(outputs: Record<string, TypedArray>): Record<string, TypedArray> {
    const { negatives } = outputs;
    if (!negatives) return outputs;
    const items = this.#local.items;
    const named = (negatives as Int32Array).map((number) => (number < 0 ? number : items[number]!));
    return { ...outputs, negatives: named };
  }
}
