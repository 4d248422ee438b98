import { isJsonObject } from '@rodpo/files';

type Settings = Readonly<Record<string, unknown>>;

/** `changes` over `base`: objects merge, at any depth; anything else replaces what was there. */
export function deepMerge(base: Settings, changes: Settings): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, change] of Object.entries(changes)) {
    const known = merged[name];
    merged[name] = isJsonObject(known) && isJsonObject(change) ? deepMerge(known, change) : change;
  }
  return merged;
}
