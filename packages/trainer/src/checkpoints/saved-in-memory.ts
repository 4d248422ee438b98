import { copyTensors, type Safetensors } from '@rodpo/files';
import type { SavedTensors } from './saved-tensors.ts';

/** Copies of tensors, which last as long as the process. */
export function savedInMemory(): SavedTensors {
  let saved: Safetensors | undefined;
  return {
    place: 'memory',
    texts: async () => saved?.metadata,
    // Both ways in copies: who is given arrays may go on to write into them.
    load: async (options) =>
      saved && { ...saved, tensors: copyTensors(saved.tensors, options ?? {}) },
    save: async (tensors, metadata) => {
      saved = { tensors: copyTensors(tensors), metadata: { ...metadata } };
    },
  };
}
