import { ActionableError } from '@rodpo/errors';

/** A shard that another worker has by now, or will get: what this one made of it must not be saved. */
export class ShardLost extends ActionableError {
  override readonly name = 'ShardLost';
  readonly shardIndex: number;

  constructor(shardIndex: number) {
    super(
      `Shard ${shardIndex} was given to another worker, because this one gave no sign of life for ` +
        'too long. Nothing more of it is saved from here.',
    );
    this.shardIndex = shardIndex;
  }
}
