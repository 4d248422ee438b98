// Weights and inputs that every contender of a case starts from, as files.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { library } from '../common/libraries.mjs';

const { transformerEncoder } = await library('@rodpo/encoder');
const { gaussianRandom, seededRandom } = await library('@rodpo/random');
const { writeSafetensors } = await library('@rodpo/files');

/** Writes `weights.safetensors` and `inputs.safetensors` into `folder`. */
export async function writeInputs(folder, shape) {
  const normal = gaussianRandom(seededRandom(1));
  const encoder = transformerEncoder({ ...shape, maxLength: shape.length });
  const weights = encoder.initialize(normal);
  await writeSafetensors(join(folder, 'weights.safetensors'), weights);
  await writeSafetensors(join(folder, 'inputs.safetensors'), inputsOf(shape, normal));
}

/** One batch of full sequences of random items, and random reference vectors. */
function inputsOf({ batch, length, dimension, itemCount }, normal) {
  const random = seededRandom(2);
  const item = () => Math.floor(random() * itemCount);
  const ints = (size, value) => ({
    shape: [size],
    data: Int32Array.from({ length: size }, (_, index) => value(index)),
  });
  return {
    items: ints(batch * length, item),
    positions: ints(batch * length, (index) => index % length),
    segments: ints(batch * length, () => 1),
    targets: ints(batch, item),
    reference: {
      shape: [batch, dimension],
      data: Float32Array.from({ length: batch * dimension }, normal),
    },
  };
}

/**
 * Writes random sequences, lengths distributed as Amazon Beauty's (5 to 204, mean 9, a tenth
 * above 14), in its format: lines `user item item …`, items counted from 1.
 */
export function writeRandomSequences(file, { itemCount }, userCount = 22_363) {
  const random = seededRandom(3);
  const lines = Array.from({ length: userCount }, (_, user) => {
    const length = Math.min(204, Math.floor(5 * (1 - random()) ** (-1 / 2.14)));
    const items = Array.from({ length }, () => 1 + Math.floor(random() * itemCount));
    return [user + 1, ...items].join(' ');
  });
  writeFileSync(file, `${lines.join('\n')}\n`);
}
