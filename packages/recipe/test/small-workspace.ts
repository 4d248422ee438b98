import '@tensorflow/tfjs';
import { transformerEncoder } from '@rodpo/encoder';
import { seededRandom } from '@rodpo/random';
import type { Dataset } from '../src/batches/dataset.ts';
import {
  openWorkspace,
  type Workspace,
  type WorkspaceOptions,
} from '../src/workspace/workspace.ts';

const itemCount = 40;
export const maxLength = 8;

/** Of an encoder that takes a moment. */
export const smallSizes = { maxLength, dimension: 16, blockCount: 1, headCount: 2 };

/** Users who go on from an item to one of the next three: what comes next can be learned. */
export function smallDataset(userCount = 120): Dataset {
  const random = seededRandom(11);
  const walk = (_: unknown, user: number) => {
    let item = Math.floor(random() * itemCount);
    return Int32Array.from({ length: 4 + (user % 9) }, () => {
      item = (item + 1 + Math.floor(random() * 3)) % itemCount;
      return item;
    });
  };
  const sequences = Array.from({ length: userCount }, walk);
  return {
    userIds: sequences.map((_, user) => `user${user}`),
    itemIds: Array.from({ length: itemCount }, (_, item) => `item${item}`),
    sequences,
  };
}

/** Small enough for every step to take a moment. */
export function smallWorkspace(changes: Partial<WorkspaceOptions> = {}): Workspace {
  return openWorkspace({
    dataset: smallDataset(),
    maxLength,
    rowLength: 16,
    rowCount: 8,
    blockSize: 64,
    encoder: ({ itemCount: items }) => transformerEncoder({ ...smallSizes, itemCount: items }),
    ...changes,
  });
}
