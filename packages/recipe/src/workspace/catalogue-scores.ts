import type { Program, StepFunction } from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import {
  bestStep,
  blockSpecs,
  countSpecs,
  countStep,
  pairStep,
  type ScoreBlock,
} from '../steps/score-block-steps.ts';
import type { Specs } from '../steps/tokens.ts';
import { type BestItems, bestItems } from './best-items.ts';
import { countReached } from './count-reached.ts';
import type { Engine } from './engine.ts';
import { itemBlocks } from './item-blocks.ts';
import { pairScores, type Rows } from './pair-scores.ts';

/** Users and items whose scores exist at a time: few enough for a processor's cache. */
const mostUsers = 1024;
const mostItems = 1024;

/** Scores of users for a catalogue of any size, which is read in blocks. */
export interface CatalogueScores {
  /** Score of each user for one item, `[pairs]`: the number that `counts` compares with, bit for bit. */
  pairs(users: Rows, items: Rows): Promise<Float32Array>;
  /** How many items score at least as much as each user's goal. */
  counts(users: Float32Array, goals: Float32Array, items: NamedArray): Promise<Float64Array>;
  /** The `count` best items of each user, ties to the lower index. */
  best(users: Float32Array, items: NamedArray, count: number): Promise<BestItems[]>;
  dispose(): Promise<void>;
}

export interface CatalogueScoresOptions {
  readonly itemCount: number;
  /** Numbers of a vector. */
  readonly width: number;
  /** Users asked about together, at least: fewer are padded. Default 1024. */
  readonly userCount?: number;
}

/** Programs are compiled when they are first needed. */
export function catalogueScores(
  engine: Engine,
  { itemCount, width, userCount = mostUsers }: CatalogueScoresOptions,
): CatalogueScores {
  const users = Math.max(2, Math.min(userCount, mostUsers));
  const made = new Map<string, Promise<Program>>();
  const program = (name: string, step: StepFunction, inputs: Specs) => {
    if (!made.has(name)) made.set(name, engine.program(step, { state: {}, inputs }));
    return made.get(name)!;
  };
  const blocksOf = (most: number) => itemBlocks(itemCount, most);
  const block = (items: number): ScoreBlock => ({ users, items, width });
  return {
    pairs: async (left, right) =>
      pairScores(
        await program('pairs', pairStep, blockSpecs(block(users))),
        block(users),
        left,
        right,
      ),
    counts: async (vectors, goals, items) => {
      const { size, begins } = blocksOf(mostItems);
      const own = await program('counts', countStep, countSpecs(block(size)));
      return countReached(own, block(size), begins, { users: vectors, goals, items });
    },
    best: async (vectors, items, count) => {
      // More than are asked for, so that lists of about as many share a program.
      const found = 2 ** Math.ceil(Math.log2(count));
      // Each block's best are merged outside of the program: the fewer blocks, the better.
      const { size, begins } = blocksOf(Math.max(4 * mostItems, found));
      const own = await program(
        `best ${found}`,
        bestStep(Math.min(found, size)),
        blockSpecs(block(size)),
      );
      return bestItems(own, block(size), begins, { users: vectors, items, count });
    },
    dispose: async () => {
      const all = [...made.values()];
      made.clear();
      for (const one of all) await (await one).dispose();
    },
  };
}
