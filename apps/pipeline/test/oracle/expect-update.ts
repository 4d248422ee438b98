import { seededRandom } from '@rodpo/random';
import { expect } from 'vitest';
import type { WatchedStep } from '../watched-engine.ts';
import { derivative } from './differences.ts';
import type { Plain } from './encode-sequence.ts';

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

interface UpdateOptions {
  /** The step's loss as a function of the weights; what was drawn is fixed. */
  readonly loss: (weights: Plain) => number;
  readonly weights: Plain;
  readonly learningRate: number;
  /** Coordinates of each parameter that are checked. */
  readonly perParameter: number;
}

/** The gradient that a step took, as Adam's first moments tell it. */
function gradientOf({ before, after }: WatchedStep, name: string): Float64Array {
  const [old, now] = [before, after].map((state) => state[`optimiser.adam.first.${name}`]!.data);
  return Float64Array.from(now!, (moment, index) => (moment - beta1 * old![index]!) / (1 - beta1));
}

/** A step's gradient is that of `loss`, and its new weights are Adam's. */
export function expectUpdate(step: WatchedStep, options: UpdateOptions): void {
  const { loss, weights, perParameter } = options;
  const random = seededRandom(17);
  for (const name of Object.keys(weights)) {
    const gradient = gradientOf(step, name);
    const size = gradient.length;
    const indices = Array.from({ length: Math.min(perParameter, size) }, () =>
      Math.floor(random() * size),
    );
    const expected = indices.map((index) => derivative(loss, weights, name, index));
    // Float32 sums of a few hundred terms, each of about the parameter's largest gradient.
    const largest = Math.max(...gradient.map(Math.abs), ...expected.map(Math.abs));
    const differences = indices.map((index, place) => gradient[index]! - expected[place]!);
    expect(worst(differences), `gradient of ${name}`).toBeLessThan(1e-4 * largest + 1e-6);
    expectAdam(step, name, gradient, options.learningRate);
  }
}

function expectAdam(
  { before, after }: WatchedStep,
  name: string,
  gradient: Float64Array,
  learningRate: number,
): void {
  const scalar = (state: string) => after[`optimiser.adam.unit.${state}`]!.data[0]!;
  const [firstUnit, secondUnit] = [scalar('first'), scalar('second')];
  const of = (state: WatchedStep['before'], kind: string) => state[`${kind}.${name}`]!.data;
  const [old, now] = [of(before, 'weights'), of(after, 'weights')];
  const first = of(after, 'optimiser.adam.first');
  const [oldSecond, second] = [
    of(before, 'optimiser.adam.second'),
    of(after, 'optimiser.adam.second'),
  ];
  const [moments, steps]: [number[], number[]] = [[], []];
  for (const index of old.keys()) {
    const moment = beta2 * oldSecond[index]! + (1 - beta2) * gradient[index]! ** 2;
    moments.push((second[index]! - moment) / (moment + 1e-8));
    const root = Math.sqrt(second[index]! / secondUnit) + epsilon;
    const expected = old[index]! - (learningRate * first[index]!) / firstUnit / root;
    steps.push(now[index]! - expected);
  }
  expect(worst(moments), `second moments of ${name}`).toBeLessThan(1e-4);
  expect(worst(steps), `new values of ${name}`).toBeLessThan(1e-5);
}

function worst(differences: readonly number[]): number {
  return Math.max(...differences.map(Math.abs));
}

/** The weights among a program's state. */
export function weightsIn(state: WatchedStep['before']) {
  const prefix = 'weights.';
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}
