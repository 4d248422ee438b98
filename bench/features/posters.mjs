// Real posters, about 300 × 450, and a real model. Both lie in RODPO_DATA.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { realData } from '../../tooling/testing/src/data/real-data.mjs';

export const models = realData('models/');
export const modelFile = realData('models/mobilenet_v1_trunk/onnx/model.onnx');

export function posters(count) {
  const folder = realData('movielens-posters');
  if (!existsSync(folder)) throw new Error(`Expected posters in ${folder}. Set RODPO_DATA.`);
  const files = readdirSync(folder).sort();
  return Array.from({ length: count }, (_, index) => join(folder, files[index % files.length]));
}
