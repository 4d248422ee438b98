import { backend_util, type TensorInfo, upcastType } from '@tensorflow/tfjs-core';
import type { DType } from '../program.ts';
import { UnsupportedKernelError } from '../trace-error.ts';
import { table } from './arrange.ts';
import {
  cast,
  computedIn,
  converted,
  type KernelRule,
  type KernelRules,
  named,
  numeric,
} from './rule.ts';

function broadcast(a: TensorInfo, b: TensorInfo): number[] {
  return backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
}

function arithmetic(operator: string): KernelRule {
  return (recorder, { a, b }) => {
    const dtype = numeric(a.dtype);
    const inputs = [named(recorder, a, dtype), named(recorder, b, dtype)];
    return recorder.emit(operator, inputs, { shape: broadcast(a, b), dtype });
  };
}

function comparison(operator: string): KernelRule {
  return (recorder, { a, b }) => {
    const dtype = numeric(a.dtype);
    const inputs = [named(recorder, a, dtype), named(recorder, b, dtype)];
    return recorder.emit(operator, inputs, { shape: broadcast(a, b), dtype: 'bool' });
  };
}

function logical(operator: string): KernelRule {
  return (recorder, { a, b }) => {
    const inputs = [named(recorder, a, 'bool'), named(recorder, b, 'bool')];
    return recorder.emit(operator, inputs, { shape: broadcast(a, b), dtype: 'bool' });
  };
}

/** An operator for every number. */
export function unary(operator: string): KernelRule {
  return (recorder, { x }: { x: TensorInfo }) =>
    computedIn(recorder, numeric(x.dtype), x, (name) => recorder.graph.apply(operator, [name]));
}

/** Operators for float32, applied one after the other. */
export function real(...operators: string[]): KernelRule {
  return (recorder, { x }: { x: TensorInfo }) =>
    computedIn(recorder, 'float32', x, (name) =>
      operators.reduce((value, operator) => recorder.graph.apply(operator, [value]), name),
    );
}

/** The same data under another tensor, as in every tfjs backend: gradients look tensors up by it. */
const identity: KernelRule = (recorder, { x }) => {
  recorder.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
};

/** tfjs: whatever goes in, float32 comes out. */
const exponential: KernelRule = (recorder, { x }: { x: TensorInfo }) =>
  recorder.emit('Exp', [named(recorder, x, 'float32')], { shape: x.shape, dtype: 'float32' });

const realDivide: KernelRule = (recorder, { a, b }, attributes) => {
  // tfjs divides integers by FloorDiv; ONNX Runtime would end the process on a zero divisor.
  if (a.dtype !== 'float32') throw new UnsupportedKernelError('RealDiv', ` of ${a.dtype}`);
  return arithmetic('Div')(recorder, { a, b }, attributes);
};

const square: KernelRule = (recorder, { x }: { x: TensorInfo }) =>
  computedIn(recorder, numeric(x.dtype), x, (name) => recorder.graph.apply('Mul', [name, name]));

const squaredDifference: KernelRule = (recorder, { a, b }) => {
  const dtype = numeric(a.dtype);
  const inputs = [named(recorder, a, dtype), named(recorder, b, dtype)];
  const difference = recorder.graph.apply('Sub', inputs);
  return recorder.emit('Mul', [difference, difference], { shape: broadcast(a, b), dtype });
};

/**
 * Adds or subtracts one around an operator: `log1p`, `expm1`. Exact to 1e-7 of 1, not of the
 * result, which matters for results near 0.
 */
function shifted(before: number, operator: string, after: number): KernelRule {
  return (recorder, { x }: { x: TensorInfo }) => {
    const plus = (name: string, amount: number) =>
      amount === 0
        ? name
        : recorder.graph.apply('Add', [name, recorder.graph.scalar('float32', amount)]);
    return computedIn(recorder, 'float32', x, (name) =>
      plus(recorder.graph.apply(operator, [plus(name, before)]), after),
    );
  };
}

/**
 * In float64, as tfjs: float32 holds no int32 beyond 2^24, and rounds quotients up to integers.
 * tfjs gives int32 for every type, and 0 for a division by zero.
 */
const floorDivide: KernelRule = (recorder, { a, b }) => {
  const { graph } = recorder;
  const divisor = named(recorder, b, 'float64');
  const quotient = graph.apply('Div', [named(recorder, a, 'float64'), divisor]);
  const floored = cast(recorder, graph.apply('Floor', [quotient]), 'int32');
  const isByZero = graph.apply('Not', [cast(recorder, divisor, 'bool')]);
  const inputs = [isByZero, graph.scalar('int32', 0), floored];
  return recorder.emit('Where', inputs, { shape: broadcast(a, b), dtype: 'int32' });
};

/**
 * What is left of a division, with the sign of the divisor: ONNX's `Mod` takes the sign of the
 * dividend. In float64, as tfjs; an int32 over 0 gives 0 there, and would end the process here.
 */
const modulo: KernelRule = (recorder, { a, b }) => {
  const { graph } = recorder;
  const dtype = numeric(a.dtype);
  const zero = table(recorder, 'float64', [], [0]);
  const [dividend, divisor] = [named(recorder, a, 'float64'), named(recorder, b, 'float64')];
  const rest = (name: string) => graph.apply('Mod', [name, divisor], { fmod: 1 });
  const below = [dividend, divisor].map((name) => graph.apply('Less', [name, zero]));
  const truncated = rest(dividend);
  const moved = rest(graph.apply('Add', [truncated, divisor]));
  const result = graph.apply('Where', [graph.apply('Xor', below), moved, truncated]);
  const shape = broadcast(a, b);
  if (dtype === 'float32') return recorder.info(cast(recorder, result, dtype), shape, dtype);
  const isByZero = graph.apply('Equal', [divisor, zero]);
  const name = cast(recorder, graph.apply('Where', [isByZero, zero, result]), dtype);
  return recorder.info(name, shape, dtype);
};

const bitwiseAnd: KernelRule = (recorder, { a, b }) =>
  recorder.emit('BitwiseAnd', [recorder.name(a), recorder.name(b)], a);

/** tfjs gives the sum the type of the first. */
const addAll: KernelRule = (recorder, inputs: TensorInfo[]) => {
  const [first, ...others] = Object.values(inputs) as [TensorInfo, ...TensorInfo[]];
  const type = numeric(first.dtype);
  const name = others.reduce(
    (sum, other) => recorder.graph.apply('Add', [sum, named(recorder, other, type)]),
    named(recorder, first, type),
  );
  return recorder.info(converted(recorder, name, type, first.dtype), first.shape, first.dtype);
};

const castTo: KernelRule = (recorder, { x }, { dtype }) =>
  recorder.info(named(recorder, x, dtype), x.shape, dtype);

const clip: KernelRule = (recorder, { x }, { clipValueMin, clipValueMax }) => {
  const type = numeric(x.dtype) as DType;
  const inRange = (bound: number) =>
    type === 'int32' ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, bound)) : bound;
  const bounds = [clipValueMin, clipValueMax].map((bound) =>
    recorder.graph.scalar(type, inRange(bound)),
  );
  return computedIn(recorder, type, x, (name) => recorder.graph.apply('Clip', [name, ...bounds]));
};

/** tfjs `step`: 1 above zero, `alpha` elsewhere; NaN stays NaN. */
const step: KernelRule = (recorder, { x }, { alpha }) => {
  const { graph } = recorder;
  return computedIn(recorder, 'float32', x, (value) => {
    const isPositive = graph.apply('Greater', [value, graph.scalar('float32', 0)]);
    const sides = [graph.scalar('float32', 1), graph.scalar('float32', alpha)];
    const stepped = graph.apply('Where', [isPositive, ...sides]);
    return graph.apply('Where', [graph.apply('IsNaN', [value]), value, stepped]);
  });
};

const select: KernelRule = (recorder, { condition, t, e }) => {
  const shape = backend_util.assertAndGetBroadcastShape(
    backend_util.assertAndGetBroadcastShape(condition.shape, t.shape),
    e.shape,
  );
  const dtype = upcastType(t.dtype, e.dtype);
  const type = numeric(dtype); // ONNX Runtime has no Where for booleans
  const inputs = [
    named(recorder, condition, 'bool'),
    named(recorder, t, type),
    named(recorder, e, type),
  ];
  const name = recorder.graph.apply('Where', inputs);
  return recorder.info(converted(recorder, name, type, dtype), shape, dtype);
};

/** tfjs: the sign of NaN is 0. */
const sign: KernelRule = (recorder, { x }) => {
  const { graph } = recorder;
  const type = numeric(x.dtype);
  return computedIn(recorder, type, x, (value) => {
    const name = graph.apply('Sign', [value]);
    if (type !== 'float32') return name;
    return graph.apply('Where', [graph.apply('IsNaN', [value]), graph.scalar(type, 0), name]);
  });
};

const not: KernelRule = (recorder, { x }) =>
  recorder.emit('Not', [named(recorder, x, 'bool')], { shape: x.shape, dtype: 'bool' });

function classified(operator: string): KernelRule {
  return (recorder, { x }) =>
    recorder.emit(operator, [named(recorder, x, 'float32')], { shape: x.shape, dtype: 'bool' });
}

const finite: KernelRule = (recorder, { x }) => {
  const value = named(recorder, x, 'float32');
  const kinds = ['IsNaN', 'IsInf'].map((operator) => recorder.graph.apply(operator, [value]));
  const isNeither = recorder.graph.apply('Not', [recorder.graph.apply('Or', kinds)]);
  return recorder.info(isNeither, x.shape, 'bool');
};

export const elementwiseRules: KernelRules = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: arithmetic('Mul'),
  RealDiv: realDivide,
  FloorDiv: floorDivide,
  Mod: modulo,
  Pow: arithmetic('Pow'),
  AddN: addAll,
  BitwiseAnd: bitwiseAnd,
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  SquaredDifference: squaredDifference,
  Equal: comparison('Equal'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  NotEqual: (recorder, inputs, attributes) =>
    not(recorder, { x: comparison('Equal')(recorder, inputs, attributes) }, {}),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalNot: not,
  Abs: unary('Abs'),
  Ceil: real('Ceil'),
  Erf: real('Erf'),
  Exp: exponential,
  Expm1: shifted(0, 'Exp', -1),
  Floor: real('Floor'),
  Identity: identity,
  IsFinite: finite,
  IsInf: classified('IsInf'),
  IsNan: classified('IsNaN'),
  Log: real('Log'),
  Log1p: shifted(1, 'Log', 0),
  Neg: unary('Neg'),
  Reciprocal: real('Reciprocal'),
  Round: real('Round'),
  Rsqrt: real('Sqrt', 'Reciprocal'),
  Sign: sign,
  Softplus: real('Softplus'),
  Sqrt: real('Sqrt'),
  Square: square,
  Step: step,
  Cast: castTo,
  ClipByValue: clip,
  Select: select,
};
