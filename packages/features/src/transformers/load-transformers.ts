import { isNotInstalled, loadOptional } from '@rodpo/errors';
import type { Transformers } from './transformers.ts';
import { TransformersNotFoundError } from './transformers-not-found-error.ts';

export type TransformersPackage = '@huggingface/transformers' | '@xenova/transformers';

/** In order of preference. */
const importers: Readonly<Record<TransformersPackage, () => Promise<unknown>>> = {
  '@huggingface/transformers': () => import('@huggingface/transformers'),
  '@xenova/transformers': () => import('@xenova/transformers'),
};

/**
 * The transformers.js to run models with: the one named, the module handed in, or the first of
 * `@huggingface/transformers` (3 or 4) and `@xenova/transformers` (2.17) that is installed.
 *
 * @throws {TransformersNotFoundError} if none is named and none is installed
 * @throws {Error} if the one named is not installed, or the one found does not work here
 * @throws {TypeError} if the module handed in is another one
 */
export async function loadTransformers(
  preferred?: TransformersPackage | object,
): Promise<Transformers> {
  if (typeof preferred === 'object') return checked(preferred);
  if (preferred !== undefined) return checked(await importPackage(preferred));

  const names = Object.keys(importers) as TransformersPackage[];
  let missing: unknown;
  for (const name of names) {
    try {
      return checked(await importPackage(name));
    } catch (error) {
      if (!(error instanceof Error && isNotInstalled(name, error.cause))) throw error;
      missing = error;
    }
  }
  throw new TransformersNotFoundError(names, { cause: missing });
}

function importPackage(name: TransformersPackage): Promise<unknown> {
  const load = importers[name];
  if (load) return loadOptional(name, load);
  throw new TypeError(
    `transformers must be ${Object.keys(importers).join(' or ')}, or the module itself, ` +
      `got ${JSON.stringify(name)}`,
  );
}

function checked(module: unknown): Transformers {
  const { env, AutoModel, AutoTokenizer, Tensor } = module as Partial<Transformers>;
  const parts = [env?.version, AutoModel?.from_pretrained, AutoTokenizer, Tensor];
  if (parts.every((part) => part !== undefined)) return module as Transformers;
  throw new TypeError(
    'Expected the module of @huggingface/transformers 3 or 4 or @xenova/transformers 2.17 ' +
      '(`import * as transformers from …`), got an object without env, AutoModel, AutoTokenizer ' +
      'or Tensor',
  );
}
