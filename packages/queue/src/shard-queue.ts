/** Where a queue of shards lives. One extraction has one name. */
export interface ShardQueue {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly connection: string;
  /** Any name without a colon, for instance that of the store. */
  readonly name: string;
  /**
   * Milliseconds that Redis may be out of reach, or silent, before a call fails. Default 10,000.
   * One that falls silent in the middle of a call is found out in two to three times as long.
   */
  readonly timeout?: number;
}

/** What a job carries. */
export interface ShardJob {
  readonly shardIndex: number;
  readonly shardCount: number;
}
