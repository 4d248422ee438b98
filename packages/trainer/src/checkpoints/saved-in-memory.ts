import type { NamedArrays, Safetensors } from '@rodpo/files';
import type { SavedTensors } from './saved-tensors.ts';

/** Copies of tensors, which last as long as the process. */
export function savedInMemory(): SavedTensors {
  let saved: Safetensors | undefined;
  return {
    place: 'memory',
    texts: async () => saved?.metadata,
    load: async ({ into = {} } = {}) => saved && { ...saved, tensors: readInto(saved, into) },
    save: async (tensors, metadata) => {
      // A program may go on to write into the arrays that it gave away.
      saved = { tensors: copyOf(tensors), metadata: { ...metadata } };
    },
  };
}

function readInto({ tensors }: Safetensors, into: NamedArrays): Safetensors['tensors'] {
  const read = Object.entries(tensors).map(([name, { shape, data }]) => {
    if (!Object.hasOwn(into, name)) return [name, { shape, data }] as const;
    into[name]!.data.set(data);
    return [name, { shape, data: into[name]!.data }] as const;
  });
  return Object.fromEntries(read);
}

function copyOf(tensors: NamedArrays): Safetensors['tensors'] {
  const copies = Object.entries(tensors).map(
    ([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }] as const,
  );
  return Object.fromEntries(copies);
}
