import { createRequire } from 'node:module';
import type { ViteUserConfig } from 'vitest/config';

const app = new URL('../apps/pipeline/package.json', import.meta.url).pathname;
const require = createRequire(app);

type Plugin = NonNullable<ViteUserConfig['plugins']>[number];

/**
 * Loads tfjs by `require`: `import` first looks through all of a CommonJS module for the names that it
 * exports, which takes longer than to run it, in each file of tests anew.
 */
export const requiredTfjs: Plugin = {
  name: 'required-tfjs',
  enforce: 'pre',
  resolveId: (id) => (/^@tensorflow\/tfjs(-core)?$/.test(id) ? `\0required:${id}` : undefined),
  load(id) {
    const [, name] = id.split('\0required:');
    if (name === undefined) return undefined;
    const names = Object.keys(require(name)).filter(
      (key) => /^\w+$/.test(key) && key !== 'default',
    );
    return [
      "import { createRequire } from 'node:module';",
      `const loaded = createRequire(${JSON.stringify(app)})(${JSON.stringify(name)});`,
      `const { ${names.map((key, index) => `${key}: name${index}`).join(', ')} } = loaded;`,
      `export { ${names.map((key, index) => `name${index} as ${key}`).join(', ')} };`,
    ].join('\n');
  },
};
