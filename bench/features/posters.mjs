// Real posters, about 300 × 450, and a real model. Both lie beside the repository.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const data = new URL('../../../shared/data/', import.meta.url);
export const models = fileURLToPath(new URL('models/', data));
export const modelFile = fileURLToPath(new URL('models/mobilenet_v1_trunk/onnx/model.onnx', data));

export function posters(count) {
  const folder = new URL('movielens-posters/', data);
  if (!existsSync(folder)) throw new Error(`Expected posters in ${fileURLToPath(folder)}.`);
  const files = readdirSync(folder).sort();
  return Array.from({ length: count }, (_, index) =>
    fileURLToPath(new URL(files[index % files.length], folder)),
  );
}
