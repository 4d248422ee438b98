/** A file that is not a shard. The message says why, without the file's name. */
export class ShardFormatError extends Error {
  override readonly name = 'ShardFormatError';
}
