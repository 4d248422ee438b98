import type { NamedArrays, Safetensors } from '@rodpo/files';
import type { SavedTensors } from './saved-tensors.ts';

/** Copies of tensors, which last as long as the process. */
export function savedInMemory(): SavedTensors {
  let saved: Safetensors | undefined;
  return {
    place: 'memory',
    load: async () => saved,
    save: async (tensors, metadata) => {
      // A program may go on to write into the arrays that it gave away.
      saved = { tensors: copyOf(tensors), metadata: { ...metadata } };
    },
  };
}

function copyOf(tensors: NamedArrays): Safetensors['tensors'] {
  const copies = Object.entries(tensors).map(
    ([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }] as const,
  );
  return Object.fromEntries(copies);
}
