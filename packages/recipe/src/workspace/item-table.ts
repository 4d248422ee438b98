import type { SequenceEncoder } from '@rodpo/encoder';
import type { NamedArray } from '@rodpo/files';
import { arraysOf, type RowSource } from '../rows/row-source.ts';
import { rowSize } from '../rows/table-of.ts';
import { itemsStep } from '../steps/encode-step.ts';
import type { Engine } from './engine.ts';
import { itemBlocks } from './item-blocks.ts';
import { rowsBetween, specsOf, splitRows } from './item-rows.ts';
import type { Weights } from './weights.ts';

/** What a program needs to know of a model beside its weights. */
export interface Model {
  readonly encoder: SequenceEncoder;
  /** Constants of every program, by the names of `steps/features.ts`. */
  readonly features: Readonly<Record<string, RowSource>>;
}

/** Every item as candidates are scored, under any weights of one shape. */
export interface ItemTable {
  /** `[itemCount, width]`. */
  vectors(weights: Weights): Promise<NamedArray>;
  dispose(): Promise<void>;
}

/** Items whose vectors are computed at a time. */
const mostRows = 16_384;

/**
 * Compiles the item side of an encoder once; `like` gives the shapes of the weights. Items are taken in
 * blocks, so that nothing but the result is as large as the catalogue; an encoder that does not name
 * its `rowParameters` takes them all at once.
 */
export async function createItemTable(
  engine: Engine,
  model: Model,
  like: Weights,
  most: number = mostRows,
): Promise<ItemTable> {
  const { encoder, features } = model;
  if (!encoder.rowParameters) return wholeTable(engine, model, like);
  const first = splitRows(encoder, like);
  const itemCount = Object.values({ ...first.rows, ...features })[0]?.shape[0];
  if (itemCount === undefined) return wholeTable(engine, model, like);

  const { size, begins } = itemBlocks(itemCount, most);
  const block = (rows: Weights, begin: number) => ({
    ...rowsBetween(rows, begin, begin + size),
    ...gatheredBetween(features, begin, begin + size),
  });
  const program = await engine.program(itemsStep(encoder), {
    state: first.others,
    inputs: specsOf(block(first.rows, 0)),
  });
  return {
    vectors: async (weights) => {
      const { rows, others } = splitRows(encoder, weights);
      program.load(others);
      const data = new Float32Array(itemCount * encoder.width);
      for (const begin of begins) {
        const inputs = Object.entries(block(rows, begin)).map(([name, own]) => [name, own.data]);
        const { items } = await program.run(Object.fromEntries(inputs));
        data.set(items as Float32Array, begin * encoder.width);
      }
      return { shape: [itemCount, encoder.width], data };
    },
    dispose: () => program.dispose(),
  };
}

async function wholeTable(
  engine: Engine,
  { encoder, features }: Model,
  like: Weights,
): Promise<ItemTable> {
  const program = await engine.program(itemsStep(encoder), {
    state: { ...like, ...arraysOf(features) },
    inputs: {},
  });
  return {
    vectors: async (weights) => {
      program.load(weights);
      const { items } = await program.run({});
      const data = items as Float32Array;
      return { shape: [data.length / encoder.width, encoder.width], data };
    },
    dispose: () => program.dispose(),
  };
}

/** Rows from `begin` to before `end`: views of what is in memory, copies of what is read. */
function gatheredBetween(
  sources: Readonly<Record<string, RowSource>>,
  begin: number,
  end: number,
): Record<string, NamedArray> {
  const items = Int32Array.from({ length: end - begin }, (_, place) => begin + place);
  return Object.fromEntries(
    Object.entries(sources).map(([name, { shape, array, gather }]) => {
      if (array) return [name, rowsBetween({ [name]: array }, begin, end)[name]!];
      const data = new Float32Array(items.length * rowSize(shape));
      gather(items, data);
      return [name, { shape: [items.length, ...shape.slice(1)], data }];
    }),
  );
}
