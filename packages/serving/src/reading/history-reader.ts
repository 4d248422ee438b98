import type { Bundle } from '../bundle/bundle.ts';
import { ItemVectors } from '../bundle/item-vectors.ts';
import type { BundleSettings } from '../bundle/manifest.ts';
import { oneARow, type PackedHistories, type Place, packHistories } from './pack-histories.ts';
import type { OpenSession } from './session.ts';
import { timeInputs } from './time-inputs.ts';

/** Known items that somebody has chosen, oldest first; not empty. */
export interface ReadableHistory {
  /** As indices. */
  readonly items: readonly number[];
  /** When, one of each item; read if the encoder reads times. */
  readonly times?: readonly number[];
}

/** Turns histories into vectors: the product with an item's vector is its score. */
export interface HistoryReader {
  /** `[histories · width]`: what each user wants next; no numbers for those alone of which the encoder makes none. */
  read(histories: readonly ReadableHistory[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

type Arrays = Record<string, Float32Array | Int32Array>;

/** Rows read together: enough for the processor, few enough for its memory. */
const mostRows = 64;

/** Opens the sequence side of a bundle's encoder. */
export async function openReader(
  bundle: Bundle,
  openSession: OpenSession,
  vectors: ItemVectors = new ItemVectors(bundle),
): Promise<HistoryReader> {
  const { rowLength, width, maxLength, inputs } = bundle.settings;
  const session = await openSession(bundle.encoder);
  const readRows = async (
    histories: readonly ReadableHistory[],
    packed: PackedHistories,
    read: Float32Array,
  ) => {
    for (const { rows, places } of parts(packed.places, packed.rows, rowLength)) {
      const arrays = inputsOf(histories, places, {
        ...{ settings: bundle.settings, vectors, tokens: rows * rowLength },
      });
      const given = inputs.map((name) => {
        const data = arrays[name]!;
        return [name, session.tensor(data, shapeOf(name, data, width))] as const;
      });
      const { hidden } = await session.run(Object.fromEntries(given));
      const data = hidden!.data as Float32Array;
      for (const { history, start, length } of places) {
        // The last token has read the whole history.
        const from = (start + length - 1) * width;
        read.set(data.subarray(from, from + width), history * width);
      }
    }
  };
  return {
    read: async (histories) => {
      const read = new Float32Array(histories.length * width);
      const lengths = histories.map(({ items }) => Math.min(items.length, maxLength));
      await readRows(histories, packHistories(lengths, rowLength), read);
      const isSpoilt = (history: number) =>
        !read.subarray(history * width, (history + 1) * width).every(Number.isFinite);
      // What is masked out of attention is multiplied by zero, and that of no number is none: one history can
      // spoil its whole row. Its neighbours are found by reading each again in a row of its own.
      const spoilt = [...histories.keys()].filter(isSpoilt);
      if (spoilt.length > 0) await readRows(histories, oneARow(spoilt, lengths, rowLength), read);
      return read;
    },
    dispose: () => session.dispose(),
  };
}

/** Packed rows, some at a time; tokens are counted from each part's first row. */
function parts(places: readonly Place[], rows: number, rowLength: number) {
  const length = mostRows * rowLength;
  const found = Array.from({ length: Math.ceil(rows / mostRows) }, (_, part) => {
    return { rows: Math.min(mostRows, rows - part * mostRows), places: [] as Place[] };
  });
  for (const place of places) {
    const part = Math.floor(place.start / length);
    found[part]!.places.push({ ...place, start: place.start - part * length });
  }
  return found;
}

const shapeOf = (name: string, { length }: { length: number }, width: number) =>
  name === 'vectors' ? [length / width, width] : [length];

interface Known {
  readonly settings: BundleSettings;
  readonly vectors: ItemVectors;
  readonly tokens: number;
}

/** Everything that an encoder may read; padding is zero everywhere, and segment 0 says that it is padding. */
function inputsOf(
  histories: readonly ReadableHistory[],
  places: readonly Place[],
  { settings, vectors, tokens }: Known,
): Arrays {
  const { width, times: settingsOfTimes } = settings;
  const read = new Float32Array(tokens * width);
  const [positions, segments, intervals] = [0, 0, 0].map(() => new Int32Array(tokens));
  const times = new Float32Array(tokens);
  for (const { history, start, length, segment } of places) {
    const own = histories[history]!;
    const skipped = own.items.length - length;
    for (let place = 0; place < length; place++) {
      read.set(vectors.of(own.items[skipped + place]!), (start + place) * width);
      positions![start + place] = place;
      segments![start + place] = segment;
    }
    if (!settingsOfTimes) continue;
    // Of the whole history: the first item that is read has an item before it as well.
    const timed = timeInputs(own.times!, settingsOfTimes);
    intervals!.set(timed.intervals.subarray(skipped), start);
    times.set(timed.times.subarray(skipped), start);
  }
  return {
    vectors: read,
    positions: positions!,
    segments: segments!,
    intervals: intervals!,
    times,
  };
}
