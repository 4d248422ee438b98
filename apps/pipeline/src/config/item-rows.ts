import { itemRowsBySize, type Workspace } from '@rodpo/recipe';
import type { Config } from './config.ts';

/** Where item rows are kept in training: as the config says, or as the catalogue's size decides. */
export function itemRowsOf(setting: Config['itemRows'], itemCount: number): Workspace['itemRows'] {
  return setting === 'auto' ? itemRowsBySize(itemCount) : setting;
}
