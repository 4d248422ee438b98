import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one kind of ONNX operator took, over all runs so far. */
export interface OperatorTime {
  readonly operator: string;
  /** Times it ran. */
  readonly count: number;
  readonly milliseconds: number;
  /** Its part of the time of all operators, from 0 to 1. */
  readonly share: number;
}

/** The part of onnxruntime's trace events that is read. */
interface ProfileEvent {
  readonly cat?: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/** Nodes that only hold other nodes, whose times are counted themselves. */
const containers = new Set(['Scan', 'Loop', 'If']);

/** A new folder of its own, since onnxruntime adds the time of day to the name it is given. */
export function createProfileFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'rodpo-profile-'));
}

/** Reads the profile in `folder`, longest time first, and removes the folder. */
export async function readProfile(folder: string): Promise<OperatorTime[]> {
  try {
    const [file] = await readdir(folder);
    const events = JSON.parse(await readFile(join(folder, file!), 'utf8')) as ProfileEvent[];
    return sumByOperator(events);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sumByOperator(events: readonly ProfileEvent[]): OperatorTime[] {
  const sums = new Map<string, { count: number; milliseconds: number }>();
  let total = 0;
  for (const { cat, name, dur, args } of events) {
    const operator = args?.op_name;
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || !operator) continue;
    if (containers.has(operator)) continue;
    const sum = sums.get(operator) ?? { count: 0, milliseconds: 0 };
    sums.set(operator, { count: sum.count + 1, milliseconds: sum.milliseconds + dur / 1000 });
    total += dur / 1000;
  }
  return [...sums]
    .map(([operator, sum]) => ({ operator, ...sum, share: sum.milliseconds / total }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
