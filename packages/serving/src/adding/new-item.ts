import { ActionableError, quote, quoteList } from '@rodpo/errors';
import type { BundleItem } from '../bundle/bundle.ts';

/** An item that the model was not trained on. */
export interface NewItem extends BundleItem {
  /**
   * What is known of it, by modality: at least one of `manifest.modalities`, made exactly as those that the
   * encoder was trained with. One that it does not have is left out.
   */
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

/**
 * Why items were not added: the bundle has no item side (`unsupported`), an id is there already or stands
 * twice among those to add (`duplicate`), or vectors are not as the encoder reads them (`vectors`).
 */
export type NewItemProblem = 'unsupported' | 'duplicate' | 'vectors';

/** Items that cannot be added; none of those that came with them was. */
export class NewItemError extends ActionableError {
  override readonly name = 'NewItemError';
  readonly problem: NewItemProblem;
  /** Of the item that it is about, if it is about one. */
  readonly id?: string;

  constructor(problem: NewItemProblem, message: string, id?: string) {
    super(message);
    this.problem = problem;
    if (id !== undefined) this.id = id;
  }
}

/** @throws {NewItemError} (`duplicate`) */
export function checkIds(items: readonly NewItem[], isKnown: (id: string) => boolean): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (isKnown(id) || seen.has(id)) {
      const where = seen.has(id) ? 'stands twice among the items to add' : 'is in the bundle';
      throw new NewItemError(
        'duplicate',
        `Item ${quote(id)} ${where}, and an id names one item. Leave it out, or give it another id; to ` +
          'change an item, export the bundle again.',
        id,
      );
    }
    seen.add(id);
  }
}

/** @throws {NewItemError} (`vectors`) */
export function checkVectors(
  { id, vectors }: NewItem,
  modalities: Readonly<Record<string, number>>,
): void {
  const wrong = wrongVectors(vectors, modalities);
  if (wrong === undefined) return;
  throw new NewItemError('vectors', `Item ${quote(id)} cannot be added: ${wrong}`, id);
}

/**
 * Numbers that are finite may still be so large that what the model makes of them is not.
 *
 * @param encoded `[items · width]`
 * @throws {NewItemError} (`vectors`)
 */
export function checkEncoded(items: readonly NewItem[], encoded: Float32Array): void {
  const wrong = encoded.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const { id } = items[Math.floor((wrong * items.length) / encoded.length)]!;
  const message =
    `Item ${quote(id)} cannot be added: the model makes no finite vector of what is known of it. Make its ` +
    'vectors with the embedder that the encoder was trained with.';
  throw new NewItemError('vectors', message, id);
}

function wrongVectors(
  vectors: NewItem['vectors'],
  modalities: Readonly<Record<string, number>>,
): string | undefined {
  const names = Object.keys(vectors);
  const wanted = quoteList(Object.keys(modalities));
  if (names.length === 0) {
    return `expected a vector of at least one of ${wanted}, got none. Nothing else is known of a new item.`;
  }
  for (const name of names) {
    const width = Object.hasOwn(modalities, name) ? modalities[name] : undefined;
    if (width === undefined)
      return `the encoder reads ${wanted}, got ${quote(name)}. Leave it out.`;
    const own = vectors[name]!;
    if (own.length !== width) {
      return (
        `expected ${width} numbers of ${quote(name)}, got ${own.length}. Make it with the embedder that ` +
        'the encoder was trained with.'
      );
    }
    const wrong = own.findIndex((value) => !isFloat32(value));
    if (wrong >= 0) {
      return (
        `${quote(name)} must hold finite float32 numbers, got ${own[wrong]} at ${wrong}. Make it with the ` +
        'embedder that the encoder was trained with.'
      );
    }
  }
  return undefined;
}

/** An array of doubles may come from JavaScript: what float32 cannot hold would be infinite in the model. */
const isFloat32 = (value: number) => Number.isFinite(value) && Number.isFinite(Math.fround(value));
