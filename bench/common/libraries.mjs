// bench/ is no workspace package: its libraries are those that the app depends on, as built.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const app = new URL('../../apps/pipeline/', import.meta.url);
const { resolve } = createRequire(new URL('package.json', app));

export const library = (name) => import(pathToFileURL(resolve(name)).href);
export const appModule = (path) => import(new URL(`dist/${path}`, app).href);
/** What `@rodpo/recipe` is made of, below what it exports. */
export const recipeModule = (path) =>
  import(new URL(`../../packages/recipe/dist/${path}`, import.meta.url).href);
