import { backend_util, type TensorInfo, upcastType } from '@tensorflow/tfjs-core';
import type { DType } from '../program.ts';
import { UnsupportedKernelError } from '../trace-error.ts';
import { cast, computedIn, type KernelRule, type KernelRules, named, numeric } from './rule.ts';

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
function unary(operator: string): KernelRule {
  return (recorder, { x }: { x: TensorInfo }) =>
    computedIn(recorder, numeric(x.dtype), x, (name) => recorder.graph.apply(operator, [name]));
}

/** Operators for float32, applied one after the other. */
function real(...operators: string[]): KernelRule {
  return (recorder, { x }: { x: TensorInfo }) =>
    computedIn(recorder, 'float32', x, (name) =>
      operators.reduce((value, operator) => recorder.graph.apply(operator, [value]), name),
    );
}

const identity: KernelRule = (recorder, { x }) => recorder.emit('Identity', [recorder.name(x)], x);

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
  return recorder.info(type === dtype ? name : cast(recorder, name, dtype), shape, dtype);
};

const not: KernelRule = (recorder, { x }) =>
  recorder.emit('Not', [named(recorder, x, 'bool')], { shape: x.shape, dtype: 'bool' });

const isNotANumber: KernelRule = (recorder, { x }) =>
  recorder.emit('IsNaN', [named(recorder, x, 'float32')], { shape: x.shape, dtype: 'bool' });

export const elementwiseRules: KernelRules = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: arithmetic('Mul'),
  RealDiv: realDivide,
  FloorDiv: floorDivide,
  Pow: arithmetic('Pow'),
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
  Cos: real('Cos'),
  Erf: real('Erf'),
  Exp: exponential,
  Expm1: shifted(0, 'Exp', -1),
  Floor: real('Floor'),
  Identity: identity,
  IsNan: isNotANumber,
  Log: real('Log'),
  Log1p: shifted(1, 'Log', 0),
  Neg: unary('Neg'),
  Reciprocal: real('Reciprocal'),
  Relu: unary('Relu'),
  Round: real('Round'),
  Rsqrt: real('Sqrt', 'Reciprocal'),
  Sigmoid: real('Sigmoid'),
  Sign: unary('Sign'),
  Sin: real('Sin'),
  Softplus: real('Softplus'),
  Sqrt: real('Sqrt'),
  Square: square,
  Step: step,
  Tanh: real('Tanh'),
  Cast: castTo,
  ClipByValue: clip,
  Select: select,
};
