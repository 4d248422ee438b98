import { isJsonObject } from '@rodpo/files/bytes';
import { BundleError, exportAgain } from './bundle-error.ts';

/** Of the folder's layout: what reads one reads no other. */
export const format = 1;

export const manifestFile = 'bundle.json';

/** What lies in every bundle beside its manifest. */
export const bundleFiles = {
  /** Packed histories to the vector of what each user wants: ONNX. */
  encoder: 'encoder.onnx',
  /** Users' vectors and a block of items to scores: ONNX. */
  scores: 'scores.onnx',
  /** `vectors` `[itemCount, width]` float32, `counts` `[itemCount]` int32. */
  vectors: 'items.safetensors',
  /** An item a line: its id, and what else is known of it. */
  items: 'items.jsonl',
} as const;

/** Of a bundle with an index: a graph of neighbours, as usearch saves it. */
export const indexFile = 'index.usearch';

/** Of a bundle that takes new items: what is known of an item to its vector, as ONNX. */
export const newItemsFile = 'new-items.onnx';

/** How an encoder that reads times reads them. */
export interface TimeSettings {
  /** Earliest and latest time that was learned from: 0 and 1 on the encoder's scale. */
  readonly first: number;
  readonly last: number;
  /** Buckets of the time between two items. */
  readonly count: number;
  /** Buckets for each doubling of that time. */
  readonly perOctave: number;
}

/** What feeds the two models of a bundle; sizes are counts. */
export interface BundleSettings {
  readonly itemCount: number;
  /** Numbers of a vector. */
  readonly width: number;
  /** Most recent items of a history that the encoder reads. */
  readonly maxLength: number;
  /** Tokens of a packed row. */
  readonly rowLength: number;
  /** Items that are scored together; no more than there are. */
  readonly blockSize: number;
  /** Of weights and item vectors in the files, which are calculated with in float32. Absent: float32. */
  readonly precision?: 'float16';
  /** What the encoder is given, by name. */
  readonly inputs: readonly string[];
  /** Absent if the encoder reads no times. */
  readonly times?: TimeSettings;
  /** Numbers in what new items are known by, by modality. Absent if the bundle takes no new items. */
  readonly modalities?: Readonly<Record<string, number>>;
}

/** Figures by part of the data and by metric: `metrics.test['ndcg@10']`. */
export type BundleMetrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A file of a bundle, by its path within the folder. */
export interface ListedFile {
  readonly path: string;
  readonly sha256: string;
}

/** `bundle.json`. */
export interface Manifest extends BundleSettings {
  readonly kind: 'bundle';
  readonly format: typeof format;
  /** What the model is called, such as the strategy that aligned it. */
  readonly model: string;
  /** What the model was measured to do; empty if it was not. */
  readonly metrics: BundleMetrics;
  /** How the index is to be asked, and what it was measured to find; absent if there is none. */
  readonly index?: ManifestIndex;
  readonly files: readonly ListedFile[];
}

export interface ManifestIndex {
  /** Neighbours that an item is linked to. */
  readonly connectivity: number;
  /** Candidates that a search keeps. */
  readonly expansion: number;
  /** Share of the exact scan's ten best items that it found when it was built. */
  readonly recall: number;
}

/** What lies in a bundle beside its manifest. */
export function filesOf({ index, modalities }: Pick<Manifest, 'index' | 'modalities'>): string[] {
  return [
    ...Object.values(bundleFiles),
    ...(modalities ? [newItemsFile] : []),
    ...(index ? [indexFile] : []),
  ];
}

/**
 * @param file what the manifest is called in errors
 * @throws {BundleError} if it is of another version, or nothing of a bundle
 */
export function checkedManifest(value: Readonly<Record<string, unknown>>, file: string): Manifest {
  if (value.kind === 'bundle' && value.format !== format) {
    const message = `expected a bundle of format ${format}, got ${JSON.stringify(value.format)}. Export it again with this version, or open it with the one that wrote it.`;
    throw new BundleError('version', { file, message });
  }
  const wrong = wrongField(value);
  if (wrong === undefined) return value as unknown as Manifest;
  const message = `expected the manifest of a bundle, and '${wrong.name}' is not as one has it. ${exportAgain}`;
  throw new BundleError('damaged', { file, message });
}

/** A field of a manifest that is not as one has it. */
interface WrongField {
  readonly name: string;
  /** What it must be. */
  readonly expected: string;
}

/** The first field that does not fit, for whoever reads a manifest or writes one; undefined if all fit. */
export function wrongField(value: Readonly<Record<string, unknown>>): WrongField | undefined {
  const { itemCount, maxLength, rowLength, blockSize, precision, times, modalities, index } = value;
  const sizes = ['itemCount', 'width', 'maxLength', 'rowLength', 'blockSize'] as const;
  const checks: [name: string, expected: string, isRight: boolean][] = [
    ['kind', "'bundle'", value.kind === 'bundle'],
    ...sizes.map((name): [string, string, boolean] => [name, aCount, isCount(value[name])]),
    [
      'rowLength',
      `at least maxLength, ${maxLength}`,
      (rowLength as number) >= (maxLength as number),
    ],
    [
      'blockSize',
      `at most itemCount, ${itemCount}`,
      (blockSize as number) <= (itemCount as number),
    ],
    ['precision', "'float16', or absent", precision === undefined || precision === 'float16'],
    ['model', 'a string', typeof value.model === 'string'],
    ['inputs', 'a list of names', isListOf(value.inputs, (name) => typeof name === 'string')],
    ['times', timesExpected, times === undefined || isTimes(times)],
    ['modalities', `${aCount} for each name`, modalities === undefined || isModalities(modalities)],
    ['index', indexExpected, index === undefined || isIndex(index)],
    ['metrics', 'an object', isJsonObject(value.metrics)],
    ['files', 'a list of paths with their sha256', isListOf(value.files, isListed)],
  ];
  const wrong = checks.find(([, , isRight]) => !isRight);
  return wrong && { name: wrong[0], expected: wrong[1] };
}

const aCount = 'a positive integer';
const timesExpected = `finite numbers 'first', 'last' and 'perOctave', and ${aCount} 'count'`;
const indexExpected = `${aCount} 'connectivity' and 'expansion', and a finite number 'recall'`;

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;

const isListOf = (value: unknown, isOne: (part: unknown) => boolean) =>
  Array.isArray(value) && value.every(isOne);

const isListed = (value: unknown) =>
  isJsonObject(value) && typeof value.path === 'string' && typeof value.sha256 === 'string';

const isModalities = (value: unknown) =>
  isJsonObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isCount);

const isIndex = (value: unknown) =>
  isJsonObject(value) &&
  isCount(value.connectivity) &&
  isCount(value.expansion) &&
  Number.isFinite(value.recall);

function isTimes(value: unknown): boolean {
  if (!isJsonObject(value) || !isCount(value.count)) return false;
  return [value.first, value.last, value.perOctave].every(Number.isFinite);
}
