import type { Program } from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import type { StepPlace } from '@rodpo/trainer';
import type { IndexCandidates } from '../steps/candidate-settings.ts';
import { prefixed, unprefixed, weightPrefix } from '../steps/tokens.ts';
import { splitRows } from '../workspace/item-rows.ts';
import type { ItemTable } from '../workspace/item-table.ts';
import { type NearestItems, nearestItems } from '../workspace/nearest-items.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** The policy as it was before a step, and an index of its items. */
export interface Snapshot {
  /** In the training, from 0. */
  readonly step: number;
  /** Which of the stretches between snapshots it was taken at the begin of, from 0. */
  readonly period: number;
  /** `[itemCount, width]`. */
  readonly items: NamedArray;
  /** What reads the sequences: parameters without a row for each item. */
  readonly others: Weights;
  readonly index: NearestItems;
  /** Share of the exact nearest items that the index finds; NaN until it was measured. */
  recall: number;
}

export interface SnapshotOptions extends Pick<IndexCandidates, 'readyAfter'> {
  readonly every: NonNullable<IndexCandidates['every']>;
  readonly expansion: number;
}

/** What a program's state is asked for. */
type Policy = Pick<Program, 'state'>;

/** The snapshot in use, and the one whose index is being built. Which is which follows from the step alone. */
export class Snapshots {
  readonly #encoder: Workspace['encoder'];
  readonly #table: Pick<ItemTable, 'vectors'>;
  readonly #options: SnapshotOptions;
  #current: Snapshot | undefined;
  #next: Snapshot | undefined;

  constructor(
    encoder: Workspace['encoder'],
    table: Pick<ItemTable, 'vectors'>,
    options: SnapshotOptions,
  ) {
    this.#encoder = encoder;
    this.#table = table;
    this.#options = options;
  }

  /** The snapshot that a step uses. */
  async at(policy: Policy, place: StepPlace): Promise<Snapshot> {
    const { every, readyAfter = Number.POSITIVE_INFINITY } = this.#options;
    const period =
      'steps' in every
        ? Math.floor(place.totalStep / every.steps)
        : Math.floor((place.epoch - 1) / every.epochs);
    const own = { step: place.totalStep, period };
    this.#current ??= await this.#taken(policy, own);
    if (period > (this.#next ?? this.#current).period) {
      await this.#switch();
      this.#next = await this.#taken(policy, own);
    }
    if (this.#next && place.totalStep - this.#next.step >= readyAfter) await this.#switch();
    return this.#current;
  }

  /** Uses the next snapshot, if there is one, in place of the one before. */
  async #switch(): Promise<void> {
    if (!this.#next) return;
    await this.#current?.index.dispose();
    this.#current = this.#next;
    this.#next = undefined;
  }

  async #taken(policy: Policy, place: Pick<Snapshot, 'step' | 'period'>): Promise<Snapshot> {
    const weights = unprefixed(await policy.state(), weightPrefix);
    const { others } = splitRows(this.#encoder, weights);
    // A program may lend its arrays, and goes on to write into them.
    const kept = Object.entries(others).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.slice() },
    ]);
    const items = await this.#table.vectors(weights);
    return this.#indexed({ ...place, items, others: Object.fromEntries(kept), recall: Number.NaN });
  }

  async #indexed({ items, ...snapshot }: Omit<Snapshot, 'index'>): Promise<Snapshot> {
    const { shape, data } = items;
    // In shared memory, so that the thread that builds needs no copy.
    const shared = new Float32Array(new SharedArrayBuffer(4 * data.length));
    shared.set(data);
    const { width } = this.#encoder;
    const index = await nearestItems(shared, { width, expansion: this.#options.expansion });
    return { ...snapshot, items: { shape, data: shared }, index };
  }

  /** All of it but the indices, which follow from it. */
  state(): Record<string, NamedArray> {
    const [current, next] = [this.#current, this.#next];
    return {
      ...(current ? prefixed(savedOf(current), 'current.') : {}),
      ...(next ? prefixed(savedOf(next), 'next.') : {}),
    };
  }

  /** Goes on from a state, and begins to build its indices. */
  async load(state: Readonly<Record<string, NamedArray>>): Promise<void> {
    const restored = async (saved: Readonly<Record<string, NamedArray>>) =>
      saved.items && this.#indexed(snapshotOf(saved));
    await this.dispose();
    this.#current = await restored(unprefixed(state, 'current.'));
    this.#next = await restored(unprefixed(state, 'next.'));
  }

  async dispose(): Promise<void> {
    const held = [this.#current, this.#next];
    this.#current = undefined;
    this.#next = undefined;
    for (const snapshot of held) await snapshot?.index.dispose();
  }
}

function savedOf({ step, period, items, others, recall }: Snapshot): Record<string, NamedArray> {
  return {
    place: { shape: [2], data: Int32Array.of(step, period) },
    recall: { shape: [1], data: Float32Array.of(recall) },
    items,
    ...prefixed(others, weightPrefix),
  };
}

function snapshotOf(saved: Readonly<Record<string, NamedArray>>): Omit<Snapshot, 'index'> {
  const [step, period] = saved.place!.data;
  return {
    step: step!,
    period: period!,
    items: saved.items!,
    others: unprefixed(saved, weightPrefix),
    recall: saved.recall!.data[0]!,
  };
}
