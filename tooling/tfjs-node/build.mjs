// Builds @tensorflow/tfjs-node and @tensorflow/tfjs-node-gpu without their install script, whose
// downloads are not everywhere to be had: TensorFlow comes from PyPI, the rest from npm, and every
// file is checked against its digest. What is built already stays.
//
//   node tooling/tfjs-node/build.mjs [cpu] [gpu]      both, if none is named
//
// Ends with 0 if all are there, with 77 and one line if this machine cannot build them (it needs an
// x86-64 Linux, g++ and python3 with pip), with 1 if the build failed. TFJS_NODE_CACHE says where to
// build; see sources.mjs.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileAddon } from './compile-addon.mjs';
import { fetchTensorflow } from './fetch-tensorflow.mjs';
import { missingTool } from './missing-tool.mjs';
import { installDependencies, unpack } from './npm.mjs';
import { computes } from './probe.mjs';
import { shareTfjs } from './share-tfjs.mjs';
import { nodeHeaders, packageOf, projectOf, stampOf, variants } from './sources.mjs';

const skipped = 77;

/** Everything that a build depends on. */
const recipeOf = (variant) => `${JSON.stringify({ ...variant, nodeHeaders }, null, 2)}\n`;

function isBuilt(variant) {
  const stamp = stampOf(variant);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === recipeOf(variant);
}

function build(variant) {
  const [project, target] = [projectOf(variant), packageOf(variant)];
  const scratch = join(project, 'scratch');
  rmSync(project, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });

  const [unpacked, headers] = ['package', 'node-headers'].map((folder) => join(scratch, folder));
  unpack(nodeHeaders, { scratch, target: headers });
  const { dependencies } = unpack(variant, { scratch, target: unpacked });
  installDependencies(project, dependencies);
  mkdirSync(dirname(target), { recursive: true });
  renameSync(unpacked, target); // after npm, which removes what it did not install
  const libraries = join(target, 'deps', 'lib');
  const tensorflow = fetchTensorflow(variant.wheel, { scratch, libraries });
  compileAddon({ target, libraries, includes: [join(headers, 'include'), tensorflow.include] });

  rmSync(scratch, { recursive: true });
}

function provide(variant) {
  const wasBuilt = isBuilt(variant);
  if (!wasBuilt) {
    console.log(`${variant.name}: building in ${projectOf(variant)} (a minute or two)`);
    build(variant);
  }
  shareTfjs(projectOf(variant));
  const facts = computes(packageOf(variant));
  if (!wasBuilt) writeFileSync(stampOf(variant), recipeOf(variant));
  console.log(`${variant.name}: ${wasBuilt ? 'is built' : 'built'}, ${facts}`);
}

function chosen(names) {
  const unknown = names.filter((name) => !(name in variants));
  if (unknown.length > 0) throw new Error(`Expected cpu or gpu, got ${unknown.join(', ')}.`);
  return (names.length === 0 ? Object.keys(variants) : names).map((name) => variants[name]);
}

const wanted = chosen(process.argv.slice(2));
const missing = wanted.every(isBuilt) ? undefined : missingTool();
if (missing) {
  console.log(`skipped: tfjs-node cannot be built here, ${missing}.`);
  process.exitCode = skipped;
} else {
  wanted.forEach(provide);
}
