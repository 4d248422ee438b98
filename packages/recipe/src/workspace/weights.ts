import type { NamedArray } from '@rodpo/files';

/** An encoder's parameters, by the names that it gave them. */
export type Weights = Record<string, NamedArray>;
