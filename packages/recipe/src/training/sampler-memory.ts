import { actionable } from '@rodpo/errors';
import type { NamedArray } from '@rodpo/files';
import type { NegativeSampler, SamplerState } from '@rodpo/samplers';

/** What a training goes on from beside its program. */
export interface SamplerMemory {
  /** By bytes: checkpoints have no float64. Nothing of a sampler without a memory. */
  state(): Record<string, NamedArray>;
  /**
   * Leaves the sampler as it is if there is nothing to load.
   *
   * @throws {RangeError} (marked as actionable) if it is of a sampler with other options
   */
  load(state: Readonly<Record<string, NamedArray>>): void;
}

/** What a sampler remembers from step to step, as a checkpoint keeps it. */
export function samplerMemory(sampler: NegativeSampler | undefined): SamplerMemory {
  if (!sampler?.state || !sampler.load) return { state: () => ({}), load: () => {} };
  const remembered = () => Object.entries(sampler.state?.() ?? {});
  return {
    state: () => Object.fromEntries(remembered().map(([name, own]) => [name, arrayOf(own)])),
    load: (state) => {
      if (Object.keys(state).length === 0) return;
      const copies = remembered();
      for (const [name, own] of copies) fill(name, bytesOf(own), state[name]);
      sampler.load?.(Object.fromEntries(copies));
    },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: SamplerState[string]): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function arrayOf(own: SamplerState[string]): NamedArray {
  return { shape: [own.byteLength], data: bytesOf(own) };
}

function fill(name: string, into: Uint8Array, saved: NamedArray | undefined): void {
  if (saved?.data.length !== into.length) {
    throw actionable(
      new RangeError(
        `The sampler remembers ${into.length} bytes of ${name}, and the checkpoint has ` +
          `${saved?.data.length ?? 'none'} of it: it is of a sampler with other options. Give that one, or take ` +
          'other checkpoints to train anew.',
      ),
    );
  }
  into.set(saved.data);
}
