import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lock. */
export interface LockOwner {
  /** Of this lock alone: no other was ever the same. */
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** Tells hosts of one name apart, and restarts, and containers whose processes have own numbers. */
  readonly machine: string;
  /** When the process started, in the system's own count; empty where that cannot be asked. */
  readonly started: string;
  /** What the folder is locked for. */
  readonly purpose: string;
  /** When it was locked, as an ISO 8601 time. */
  readonly since: string;
}

export function thisOwner(token: string, purpose: string): LockOwner {
  return {
    token,
    pid: process.pid,
    host: hostname(),
    machine: thisMachine(),
    started: processState(process.pid)?.started ?? '',
    purpose,
    since: new Date().toISOString(),
  };
}

/** The owner that a lock file names; undefined if it is half written or damaged. */
export function parseOwner(text: string): LockOwner | undefined {
  try {
    const owner: LockOwner = JSON.parse(text);
    const isOwner = typeof owner?.token === 'string' && Number.isSafeInteger(owner.pid);
    return isOwner ? owner : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the owner's process is over; undefined if that cannot be known from here.
 */
export function isOver({ pid, machine, started }: LockOwner): boolean | undefined {
  if (machine !== thisMachine()) return undefined;
  const state = processState(pid);
  if (state) return state.isOver || (started !== '' && state.started !== started);
  return !isRunning(pid);
}

function thisMachine(): string {
  return [hostname(), read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))]
    .concat(read(() => readlinkSync('/proc/self/ns/pid')))
    .map((part) => part.trim())
    .join(' ');
}

/** Of Linux's process table: a number is given again, but not with the same start. */
function processState(pid: number): { started: string; isOver: boolean } | undefined {
  const line = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is a name in brackets, in which anything may stand.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return started === undefined ? undefined : { started, isOver: state === 'Z' || state === 'X' };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks, and sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function read(what: () => string): string {
  try {
    return what();
  } catch {
    return ''; // not on this system
  }
}
