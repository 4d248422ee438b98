export { type FileDamage, FileDamagedError } from './file-damaged-error.ts';
export { ifThere, isMissing } from './if-there.ts';
export { appendJsonLine } from './json/append-json-line.ts';
export { canonicalJson } from './json/canonical-json.ts';
export { isJsonObject } from './json/is-json-object.ts';
export { type ReadJsonOptions, readJson } from './json/read-json.ts';
export { type JsonLines, readJsonLines } from './json/read-json-lines.ts';
export { readSealedJson, sealed, unsealed, writeSealedJson } from './json/sealed-json.ts';
export { writeJson } from './json/write-json.ts';
export { writeJsonLines } from './json/write-json-lines.ts';
export { lineText } from './lines/line-text.ts';
export { readLines } from './lines/read-lines.ts';
export { type Line, type ScanLinesOptions, scanLines } from './lines/scan-lines.ts';
export { TextFormatError } from './lines/text-format-error.ts';
export { FolderLockedError } from './lock/folder-locked-error.ts';
export { type FolderLock, type LockFolderOptions, lockFolder } from './lock/lock-folder.ts';
export { LockLostError } from './lock/lock-lost-error.ts';
export type { LockOwner } from './lock/lock-owner.ts';
export { removeStalePartials, type StalePartialsOptions } from './remove-stale-partials.ts';
export { copyTensors } from './safetensors/copy-tensors.ts';
export type { ElementArray, ElementType } from './safetensors/element-type.ts';
export type { NamedArray, NamedArrays } from './safetensors/named-array.ts';
export type { PlacedHeader } from './safetensors/open-header.ts';
export {
  type OpenSafetensorsOptions,
  openSafetensors,
  type SafetensorsFile,
  type SafetensorsOptions,
} from './safetensors/open-safetensors.ts';
export type { ReadInto } from './safetensors/read-into.ts';
export {
  type ReadSafetensorsOptions,
  readSafetensors,
  type Safetensors,
} from './safetensors/read-safetensors.ts';
export { SafetensorsError } from './safetensors/safetensors-error.ts';
export {
  type WritableArray,
  type WriteSafetensorsOptions,
  writeSafetensors,
} from './safetensors/write-safetensors.ts';
export { sha256Of } from './sha256-of.ts';
export { sha256OfFile } from './sha256-of-file.ts';
export { openShards, type ShardArray, type ShardsFile } from './shards/open-shards.ts';
export { readShards } from './shards/read-shards.ts';
export { type WriteShardsOptions, writeShards } from './shards/write-shards.ts';
export { hasTensors } from './tensors/has-tensors.ts';
export { openTensors, type TensorsFile } from './tensors/open-tensors.ts';
export { readMetadata } from './tensors/read-metadata.ts';
export { readTensors } from './tensors/read-tensors.ts';
export { removeTensors } from './tensors/remove-tensors.ts';
export { type WriteTensorsOptions, writeTensors } from './tensors/write-tensors.ts';
export { namingPath } from './with-path.ts';
export {
  type FileContent,
  isPartial,
  partialName,
  type WriteAtomicallyOptions,
  writeAtomically,
} from './write-atomically.ts';
export { writeFirst } from './write-first.ts';
export { type WriteFolderOptions, writeFolder } from './write-folder.ts';
