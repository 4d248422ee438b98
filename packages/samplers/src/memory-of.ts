import type { NegativeSampler, SamplerState } from './negative-sampler.ts';

/** What a sampler that is made of others remembers: what they do, by their place. Nothing if none does. */
export function memoryOf(
  samplers: readonly NegativeSampler[],
): Pick<NegativeSampler, 'state' | 'load'> {
  if (!samplers.some(({ state }) => state)) return {};
  return {
    state: () => Object.fromEntries(samplers.flatMap(placed)),
    load: (state) => {
      for (const [place, sampler] of samplers.entries()) sampler.load?.(ownOf(state, place));
    },
  };
}

function placed(sampler: NegativeSampler, place: number): [string, SamplerState[string]][] {
  return Object.entries(sampler.state?.() ?? {}).map(([name, own]) => [`${place}.${name}`, own]);
}

function ownOf(state: SamplerState, place: number): SamplerState {
  const prefix = `${place}.`;
  const own = Object.entries(state).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, array]) => [name.slice(prefix.length), array]));
}
