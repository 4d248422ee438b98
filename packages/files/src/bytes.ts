export { type FileDamage, FileDamagedError } from './file-damaged-error.ts';
export { isJsonObject } from './json/is-json-object.ts';
export { type ParseJsonOptions, parseJson } from './json/parse-json.ts';
export { parseJsonLines } from './json/parse-json-lines.ts';
export { parseSealedJson } from './json/parse-sealed-json.ts';
export type { NamedArray } from './safetensors/named-array.ts';
export { parseSafetensors } from './safetensors/parse-safetensors.ts';
export { SafetensorsError } from './safetensors/safetensors-error.ts';
export { sha256OfBytes } from './sha256-of-bytes.ts';
