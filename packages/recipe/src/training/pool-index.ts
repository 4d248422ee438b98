import type { Program } from '@rodpo/compile';
import { actionable, requireInteger, requirePositiveInteger } from '@rodpo/errors';
import type { NamedArray } from '@rodpo/files';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { type CandidateSource, drawCandidates, popularityCandidates } from '@rodpo/samplers';
import type { StepPlace } from '@rodpo/trainer';
import { itemCounts } from '../batches/item-counts.ts';
import type { TrainingBatch } from '../batches/training-set.ts';
import { type AlignSettings, candidatesOf } from '../steps/align-settings.ts';
import { excludedCount } from '../steps/align-step.ts';
import type { IndexCandidates } from '../steps/candidate-settings.ts';
import { type CatalogueScores, catalogueScores } from '../workspace/catalogue-scores.ts';
import type { FoundItems } from '../workspace/nearest-items.ts';
import type { SequenceReader } from '../workspace/sequence-reader.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { alignmentBySize } from './by-size.ts';
import { type Snapshot, Snapshots } from './snapshots.ts';

/** Candidates of pools from an index over snapshots of the policy, which are taken where one is due. */
export interface PoolIndex {
  /**
   * The candidates of a batch, `[candidates]`, distinct: asked for once a step, before it.
   *
   * @param program an alignment's own, whose weights a snapshot is taken of
   */
  candidates(
    batch: TrainingBatch,
    program: Pick<Program, 'state'>,
    place: StepPlace,
  ): Promise<Int32Array>;
  /**
   * Of the step whose candidates were last asked for: `index/staleness`, the steps since the snapshot in use,
   * and `index/recall`, the share of the exact nearest items that its index finds: of 32 tokens of the first
   * batch that it was asked about.
   */
  figures(): Record<string, number>;
  /** What a resumed training goes on from: the indices are built anew of it. */
  state(): Record<string, NamedArray>;
  load(state: Readonly<Record<string, NamedArray>>): Promise<void>;
  /** Ends the threads of the indices. */
  dispose(): Promise<void>;
}

/** What is done about an index unless a setting says otherwise. */
export const indexDefaults: Required<Pick<IndexCandidates, 'every' | 'askedTokens' | 'expansion'>> =
  { every: { epochs: 1 }, askedTokens: 128, expansion: 64 };

/** Tokens that recall is measured on: an exact scan of a large catalogue takes a moment. */
const recallTokens = 32;

/** The index that pools of these settings take their candidates from, if there is one. */
export function indexOf(settings: AlignSettings): IndexCandidates | undefined {
  const { distribution } = candidatesOf(settings).pool ?? {};
  return distribution?.from === 'index' ? distribution : undefined;
}

/**
 * Makes the index that an alignment's pools take their candidates from; nothing if they take them from
 * elsewhere. `align` does so by itself: this is for a loop of your own.
 *
 * @param like gives the shapes of the weights
 * @throws {RangeError} (marked as actionable) if a setting is no integer of its range, or pools are scored by
 * the reference
 * @throws {Error} (marked as actionable) if usearch is not installed or does not work here
 */
export async function poolIndex(
  workspace: Workspace,
  asked: AlignSettings,
  like: Weights,
): Promise<PoolIndex | undefined> {
  const settings = alignmentBySize(asked, workspace);
  const { negatives } = settings;
  const index = indexOf(settings);
  if (!index || typeof negatives !== 'object' || negatives.from !== 'pool') return undefined;
  const own = { ...indexDefaults, ...index };
  checkIndex(own);
  if (negatives.scoredBy === 'reference') throw ofReference();
  const { set, layout, engine, encoder, itemTable, reader } = workspace;
  const { itemCount } = set;
  const { width } = encoder;
  const { nearest = negatives.size + excludedCount(layout, settings) } = index;
  const snapshots = new Snapshots(encoder, await itemTable(like), own);
  return new IndexedPools(snapshots, {
    reader: await reader(like),
    exact: catalogueScores(engine, { itemCount, width, userCount: recallTokens }),
    popular: popularityCandidates(itemCounts(set)),
    width,
    askedTokens: own.askedTokens,
    nearest: Math.min(nearest, itemCount),
    count: Math.min(negatives.among!.candidates, itemCount),
  });
}

function checkIndex(settings: IndexCandidates & Pick<Required<IndexCandidates>, 'every'>): void {
  const { every, readyAfter = 0, askedTokens = 1, nearest = 1, expansion = 1 } = settings;
  const lengths = Object.entries(every);
  if (lengths.length !== 1) {
    throw actionable(
      new RangeError(
        "An index is built every so many steps or every so many epochs: give 'every' one of " +
          `{ steps } and { epochs }, got ${JSON.stringify(every)}`,
      ),
    );
  }
  for (const [unit, value] of lengths) requirePositiveInteger(`every.${unit}`, value);
  requireInteger('readyAfter', readyAfter, { from: 0 });
  for (const [name, value] of Object.entries({ askedTokens, nearest, expansion })) {
    requirePositiveInteger(name, value);
  }
}

function ofReference(): RangeError {
  return actionable(
    new RangeError(
      "Candidates from an index are near to what the policy says, and the pool's scoredBy is 'reference'. " +
        "Let the policy score the pool, or take its candidates from elsewhere, such as 'popularity'.",
    ),
  );
}

interface IndexedPoolsParts {
  readonly reader: SequenceReader;
  readonly exact: CatalogueScores;
  /** What is missing comes from it. */
  readonly popular: CandidateSource;
  readonly width: number;
  readonly askedTokens: number;
  readonly nearest: number;
  readonly count: number;
}

class IndexedPools implements PoolIndex {
  readonly #snapshots: Snapshots;
  readonly #parts: IndexedPoolsParts;
  #figures: Record<string, number> = {};

  constructor(snapshots: Snapshots, parts: IndexedPoolsParts) {
    this.#snapshots = snapshots;
    this.#parts = parts;
  }

  async candidates(
    batch: TrainingBatch,
    program: Pick<Program, 'state'>,
    place: StepPlace,
  ): Promise<Int32Array> {
    const { nearest, count, popular } = this.#parts;
    const snapshot = await this.#snapshots.at(program, place);
    const users = await this.#users(batch, snapshot);
    const found = await snapshot.index.search(users, nearest);
    if (Number.isNaN(snapshot.recall)) snapshot.recall = await this.#recall(snapshot, users, found);
    this.#figures = {
      'index/staleness': place.totalStep - snapshot.step,
      'index/recall': snapshot.recall,
    };
    const candidates = bestFirst(found, nearest, count);
    if (candidates.size < count) {
      const random = seededRandom(deriveSeed(place.seed, 'candidates', 'pool', place.step));
      for (const item of drawCandidates([{ source: popular, count }], random).items) {
        if (candidates.size < count) candidates.add(item);
      }
    }
    return Int32Array.from(candidates);
  }

  /** What users want after the tokens that are asked about, as the snapshot has it. */
  async #users({ inputs }: TrainingBatch, { others, items }: Snapshot): Promise<Float32Array> {
    const { reader, width, askedTokens } = this.#parts;
    const { targets: _, weights, ...tokens } = inputs;
    const hidden = await reader.with(others, items)(tokens);
    const learned = Array.from(weights!.keys()).filter((token) => weights![token] !== 0);
    const asked = Math.min(askedTokens, learned.length);
    const users = new Float32Array(asked * width);
    for (let place = 0; place < asked; place++) {
      const token = learned[Math.floor((place * learned.length) / asked)]!;
      users.set(hidden.subarray(token * width, (token + 1) * width), place * width);
    }
    return users;
  }

  /** In float32, as it is saved: a resumed training tells the same. */
  async #recall({ items }: Snapshot, users: Float32Array, found: FoundItems): Promise<number> {
    const { exact, width, nearest } = this.#parts;
    const lists = await exact.best(users.subarray(0, recallTokens * width), items, nearest);
    let hits = 0;
    for (const [row, { items: best }] of lists.entries()) {
      const own = new Set(best);
      const begin = row * nearest;
      const got = found.items.subarray(begin, begin + found.counts[row]!);
      hits += got.filter((item) => own.has(item)).length;
    }
    return Math.fround(hits / (lists.length * nearest));
  }

  figures(): Record<string, number> {
    return this.#figures;
  }

  state(): Record<string, NamedArray> {
    return this.#snapshots.state();
  }

  load(state: Readonly<Record<string, NamedArray>>): Promise<void> {
    return this.#snapshots.load(state);
  }

  async dispose(): Promise<void> {
    await this.#snapshots.dispose();
    await this.#parts.exact.dispose();
  }
}

/** Every row's best item, then every row's second best, …: so many distinct ones at most. */
export function bestFirst(
  { items, counts }: FoundItems,
  nearest: number,
  most: number,
): Set<number> {
  const found = new Set<number>();
  for (let rank = 0; rank < nearest; rank++) {
    for (const [row, count] of counts.entries()) {
      if (rank < count && found.size < most) found.add(items[row * nearest + rank]!);
    }
  }
  return found;
}
