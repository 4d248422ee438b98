import { ActionableError, quote } from '@rodpo/errors';
import type { LockOwner } from './lock-owner.ts';

/** A folder that another process works in. */
export class FolderLockedError extends ActionableError {
  override readonly name = 'FolderLockedError';
  readonly folder: string;
  /** Undefined if the lock does not say. */
  readonly owner: LockOwner | undefined;

  constructor(folder: string, owner: LockOwner | undefined) {
    super(
      `${folder} is in use${owner ? ` by ${describeOwner(owner)}` : ''}. Wait for it to end, or end ` +
        'it. A lock whose process is gone is taken over at once, one of another machine a minute ' +
        'after its last sign of life.',
    );
    this.folder = folder;
    this.owner = owner;
  }
}

export function describeOwner({ pid, host, purpose, since }: LockOwner): string {
  return `process ${pid} on ${quote(String(host))} since ${since} (${quote(String(purpose))})`;
}
