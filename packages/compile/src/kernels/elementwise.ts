import { backend_util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import { cast, type KernelRule, type KernelRules, named } from './rule.ts';

function broadcast(a: TensorInfo, b: TensorInfo): number[] {
  return backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
}

/** ONNX arithmetic takes no booleans; tfjs counts them as 0 and 1. */
function numeric(dtype: DataType): DataType {
  return dtype === 'bool' ? 'int32' : dtype;
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

/** Operators applied one after the other. */
function unary(...operators: string[]): KernelRule {
  return (recorder, { x }: { x: TensorInfo }) => {
    const name = operators.reduce(
      (value, operator) => recorder.graph.apply(operator, [value]),
      recorder.name(x),
    );
    return recorder.info(name, x.shape, x.dtype);
  };
}

const floor: KernelRule = (recorder, { x }) =>
  x.dtype === 'float32'
    ? unary('Floor')(recorder, { x }, {})
    : unary('Identity')(recorder, { x }, {});

const square: KernelRule = (recorder, { x }) =>
  recorder.emit('Mul', [recorder.name(x), recorder.name(x)], x);

const squaredDifference: KernelRule = (recorder, { a, b }) => {
  const difference = recorder.graph.apply('Sub', [recorder.name(a), recorder.name(b)]);
  return recorder.emit('Mul', [difference, difference], { shape: broadcast(a, b), dtype: a.dtype });
};

/** Adds or subtracts one around an operator: `log1p`, `expm1`. */
function shifted(before: number, operator: string, after: number): KernelRule {
  return (recorder, { x }: { x: TensorInfo }) => {
    const plus = (name: string, amount: number) =>
      amount === 0
        ? name
        : recorder.graph.apply('Add', [name, recorder.graph.scalar('float32', amount)]);
    const inner = recorder.graph.apply(operator, [plus(recorder.name(x), before)]);
    return recorder.info(plus(inner, after), x.shape, x.dtype);
  };
}

const floorDivide: KernelRule = (recorder, { a, b }) => {
  // ONNX divides integers towards zero; tfjs rounds down. float32 is what tfjs computes in, too.
  const quotient = recorder.graph.apply('Div', [
    named(recorder, a, 'float32'),
    named(recorder, b, 'float32'),
  ]);
  const floored = recorder.graph.apply('Floor', [quotient]);
  const name = a.dtype === 'float32' ? floored : cast(recorder, floored, a.dtype);
  return recorder.info(name, broadcast(a, b), a.dtype);
};

const castTo: KernelRule = (recorder, { x }, { dtype }) =>
  recorder.info(named(recorder, x, dtype), x.shape, dtype);

const clip: KernelRule = (recorder, { x }, { clipValueMin, clipValueMax }) => {
  const bounds = [clipValueMin, clipValueMax].map((bound) => recorder.graph.scalar(x.dtype, bound));
  return recorder.emit('Clip', [recorder.name(x), ...bounds], x);
};

/** tfjs `step`: 1 above zero, `alpha` elsewhere; NaN stays NaN. */
const step: KernelRule = (recorder, { x }, { alpha }) => {
  const { graph } = recorder;
  const value = recorder.name(x);
  const isPositive = graph.apply('Greater', [value, graph.scalar('float32', 0)]);
  const sides = [graph.scalar('float32', 1), graph.scalar('float32', alpha)];
  const stepped = graph.apply('Where', [isPositive, ...sides]);
  return recorder.emit('Where', [graph.apply('IsNaN', [value]), value, stepped], x);
};

const select: KernelRule = (recorder, { condition, t, e }) => {
  const shape = backend_util.assertAndGetBroadcastShape(
    backend_util.assertAndGetBroadcastShape(condition.shape, t.shape),
    e.shape,
  );
  const inputs = [named(recorder, condition, 'bool'), recorder.name(t), recorder.name(e)];
  return recorder.emit('Where', inputs, { shape, dtype: t.dtype });
};

const not: KernelRule = (recorder, { x }) =>
  recorder.emit('Not', [named(recorder, x, 'bool')], { shape: x.shape, dtype: 'bool' });

const isNotANumber: KernelRule = (recorder, { x }) =>
  recorder.emit('IsNaN', [recorder.name(x)], { shape: x.shape, dtype: 'bool' });

export const elementwiseRules: KernelRules = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: arithmetic('Mul'),
  RealDiv: arithmetic('Div'),
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
  Ceil: unary('Ceil'),
  Cos: unary('Cos'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Expm1: shifted(0, 'Exp', -1),
  Floor: floor,
  Identity: unary('Identity'),
  IsNan: isNotANumber,
  Log: unary('Log'),
  Log1p: shifted(1, 'Log', 0),
  Neg: unary('Neg'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Round: unary('Round'),
  Rsqrt: unary('Sqrt', 'Reciprocal'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt'),
  Square: square,
  Step: step,
  Tanh: unary('Tanh'),
  Cast: castTo,
  ClipByValue: clip,
  Select: select,
};
