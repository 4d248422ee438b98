// bench/ is no workspace package: its libraries are those that the app and its recipe depend on, as
// built.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const app = new URL('../../apps/pipeline/', import.meta.url);
const recipe = new URL('../../packages/recipe/', import.meta.url);
const requires = [app, recipe].map((member) => createRequire(new URL('package.json', member)));

function resolved(name) {
  const [inApp, inRecipe] = requires;
  try {
    return inApp.resolve(name);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return inRecipe.resolve(name);
  }
}

export const library = (name) => import(pathToFileURL(resolved(name)).href);
export const appModule = (path) => import(new URL(`dist/${path}`, app).href);
/** What `@rodpo/recipe` is made of, below what it exports. */
export const recipeModule = (path) => import(new URL(`dist/${path}`, recipe).href);
