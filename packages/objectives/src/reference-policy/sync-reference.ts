import { add, equal, mod, mul, scalar, type Tensor, tidy, where } from '@tensorflow/tfjs-core';
import { checkBetween } from '../check-number.ts';
import { checkShape } from '../check-shape.ts';

export interface SyncReferenceOptions {
  /**
   * How many updates the policy has had, from 1. A number, or a scalar tensor: in a compiled step
   * it must be a tensor, since a number would stay what it was while tracing.
   */
  readonly step: number | Tensor;
  /** Updates between two syncs. Default: 512, as in TRL. */
  readonly every?: number;
  /** Share of the policy in the new reference: 1 copies it, 0 keeps the reference. Default: 0.6. */
  readonly mixup?: number;
}

/**
 * TR-DPO: lets the reference follow the policy. Every `every` steps its weights become
 * `(1 − mixup) · reference + mixup · policy`; in between they stay. Returns new tensors in either
 * case, under the reference's names; the caller disposes of the old ones.
 *
 * `every: 1` with `mixup: 1 − decay` is an exponential moving average (the paper's soft update),
 * `mixup: 1` a copy every so often (its hard update).
 *
 * @throws {RangeError} if an option is out of its range, or the policy lacks a weight of the
 * reference or has it in another shape
 * @see Gorbatovski et al., "Learn Your Reference Model", 2024, https://arxiv.org/abs/2404.09656
 */
export function syncReference(
  reference: Readonly<Record<string, Tensor>>,
  policy: Readonly<Record<string, Tensor>>,
  { step, every = 512, mixup = 0.6 }: SyncReferenceOptions,
): Record<string, Tensor> {
  checkCount('every', every);
  checkBetween('mixup', mixup, [0, 1]);
  for (const [name, weights] of Object.entries(reference)) {
    const ours = policy[name];
    if (!ours) throw new RangeError(`policy must have the weight ${name} of the reference`);
    checkShape(`policy.${name}`, ours, weights.shape);
  }
  return tidy(() => {
    const due = isDue(step, every);
    const mix = ([name, weights]: [string, Tensor]): [string, Tensor] => [
      name,
      // Selected: in between nothing of the policy may come in, not even what is not a number.
      where(due, mixed(weights, policy[name]!, mixup), weights),
    ];
    return Object.fromEntries(Object.entries(reference).map(mix));
  });
}

function mixed(reference: Tensor, policy: Tensor, mixup: number): Tensor {
  // Not reference + mixup · difference, which would not give the very policy for a mixup of 1.
  return add(mul(1 - mixup, reference), mul(mixup, policy));
}

/** Whether a step syncs: bool. */
function isDue(step: number | Tensor, every: number): Tensor {
  if (typeof step === 'number') {
    checkCount('step', step);
    return scalar(step % every === 0, 'bool');
  }
  checkShape('step', step, []);
  return equal(mod(step, scalar(every, step.dtype as 'int32')), 0);
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`${name} must be an integer of at least 1, got ${value}`);
}
