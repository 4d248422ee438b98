import { ActionableError } from '@rodpo/errors';
import { describeOwner } from './folder-locked-error.ts';
import type { LockOwner } from './lock-owner.ts';

/** A lock that this process held and no longer holds: what it was about to do must not be done. */
export class LockLostError extends ActionableError {
  override readonly name = 'LockLostError';
  readonly folder: string;
  /** Who holds it now. Undefined if nobody does, or the lock does not say. */
  readonly owner: LockOwner | undefined;

  constructor(folder: string, owner: LockOwner | undefined) {
    const now = owner ? `${describeOwner(owner)} does` : 'its lock file is gone';
    super(
      `${folder} is no longer locked by this process: ${now}. Nothing more is written to it from ` +
        'here. Start again once the folder is free.',
    );
    this.folder = folder;
    this.owner = owner;
  }
}
