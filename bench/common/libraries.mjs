// bench/ is no workspace package: its libraries are those that the app and two of its packages depend
// on, as built.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const app = new URL('../../apps/pipeline/', import.meta.url);
const recipe = new URL('../../packages/recipe/', import.meta.url);
const data = new URL('../../packages/data/', import.meta.url);
const serving = new URL('../../packages/serving/', import.meta.url);
const requires = [app, recipe, data].map((member) =>
  createRequire(new URL('package.json', member)),
);

function resolved(name) {
  for (const require of requires.slice(0, -1)) {
    try {
      return require.resolve(name);
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return requires.at(-1).resolve(name);
}

export const library = (name) => import(pathToFileURL(resolved(name)).href);
export const appModule = (path) => import(new URL(`dist/${path}`, app).href);
/** What `@rodpo/recipe` is made of, below what it exports. */
export const recipeModule = (path) => import(new URL(`dist/${path}`, recipe).href);
/** What `@rodpo/serving` is made of, below what it exports. */
export const servingModule = (path) => import(new URL(`dist/${path}`, serving).href);
