import { isControl } from '../config/align-settings.ts';
import type { ComparisonSettings } from './settings.ts';

/** Strategies that train without a preference loss. */
export interface Controls {
  /** All of them, by name. */
  readonly controls: readonly string[];
  /** The first, which the others are tested against. */
  readonly control?: string;
}

export function controlsOf({ strategies }: Pick<ComparisonSettings, 'strategies'>): Controls {
  const controls = strategies.filter(isControl).map(({ name }) => name);
  const [control] = controls;
  return { controls, ...(control !== undefined && { control }) };
}
