import type { DType } from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';
import {
  broadcastPairs,
  dtypes,
  float,
  type KernelCase,
  kernelCase,
  type Operand,
  randomShapes,
} from './kernel-case.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Domains in which the op is finite. */
const unaries: readonly [Unary, Partial<Operand>?][] = [
  [tf.abs],
  [tf.acos, { low: -1, high: 1 }],
  [tf.acosh, { low: 1 }],
  [tf.asin, { low: -1, high: 1 }],
  [tf.asinh],
  [tf.atan],
  [tf.atanh, { low: -0.9, high: 0.9 }],
  [tf.ceil],
  [tf.cos],
  [tf.cosh],
  [tf.elu],
  [tf.erf],
  [tf.exp],
  [tf.expm1],
  [tf.floor],
  [tf.clone],
  [tf.isFinite],
  [tf.isInf],
  [tf.isNaN],
  [tf.leakyRelu],
  [tf.log, { low: 0.1 }],
  [tf.log1p, { low: -0.9 }],
  [tf.neg],
  [tf.reciprocal, { low: 1 }],
  [tf.relu],
  [tf.relu6, { low: -4, high: 9 }],
  [tf.round],
  [tf.selu],
  [tf.rsqrt, { low: 1 }],
  [tf.sigmoid],
  [tf.sign],
  [tf.sin],
  [tf.sinh],
  [tf.softplus],
  [tf.sqrt, { low: 0 }],
  [tf.square],
  [tf.step],
  [tf.tan, { low: -1.5, high: 1.5 }],
  [tf.tanh],
  [tf.zerosLike],
  [tf.onesLike],
];

/** tfjs takes no other type here. (It takes int32 for `erf`, but no booleans.) */
const floatOnly: readonly Unary[] = [
  tf.ceil,
  tf.acos,
  tf.asin,
  tf.atanh,
  tf.cos,
  tf.cosh,
  tf.elu,
  tf.erf,
  tf.floor,
  tf.log,
  tf.rsqrt,
  tf.sigmoid,
  tf.sin,
  tf.sinh,
  tf.sqrt,
  tf.tan,
  tf.tanh,
];

const binaries: readonly [Binary, Partial<Operand>?][] = [
  [tf.add],
  [tf.sub],
  [tf.mul],
  [tf.div, { low: 0.5 }],
  [tf.floorDiv],
  [tf.mod],
  [tf.atan2],
  [tf.prelu as Binary],
  [tf.pow, { low: 0.5 }],
  [tf.maximum],
  [tf.minimum],
  [tf.squaredDifference],
  [tf.equal],
  [tf.greater],
  [tf.greaterEqual],
  [tf.less],
  [tf.lessEqual],
  [tf.notEqual],
];

const dtypePairs: readonly [DType, DType][] = [
  ['float32', 'float32'],
  ['int32', 'int32'],
  ['float32', 'int32'],
  ['int32', 'float32'],
  ['bool', 'float32'],
  ['int32', 'bool'],
];

/** -0 and 0 between the integers, so that ties and signs come up. */
const halves = [-2.5, -2, -1.5, -1, -0.5, -0, 0, 0.5, 1, 1.5, 2, 2.5];

function unaryCases(): KernelCase[] {
  return unaries.flatMap(([op, domain]) =>
    (floatOnly.includes(op) ? (['float32'] as const) : dtypes).flatMap((dtype) =>
      randomShapes(op.name, 5).flatMap((shape) => {
        // tfjs keeps a negated or inverted boolean in a byte, as 255 or as a fraction cut off.
        if (dtype === 'bool' && (op === tf.neg || domain)) return [];
        const low =
          dtype === 'int32' && domain?.low !== undefined ? Math.ceil(domain.low) : undefined;
        const bounds = low === undefined ? domain : { low };
        return [kernelCase(op.name, [{ shape, dtype, ...bounds }], op)];
      }),
    ),
  );
}

function binaryCases(): KernelCase[] {
  return binaries.flatMap(([op, domain]) =>
    dtypePairs.flatMap(([a, b]) =>
      broadcastPairs(op.name + a + b, 5).flatMap(([left, right]) => {
        if (b === 'bool' && (op === tf.div || op === tf.pow)) return [];
        const second = b === 'int32' && domain ? { low: 1 } : domain;
        const first = op === tf.pow ? second : {};
        return [
          kernelCase(
            op.name,
            [
              { shape: left, dtype: a, ...first },
              { shape: right, dtype: b, ...second },
            ],
            op,
          ),
        ];
      }),
    ),
  );
}

function logicalCases(): KernelCase[] {
  const bool = (shape: number[]): Operand => ({ shape, dtype: 'bool' });
  return [tf.logicalAnd, tf.logicalOr]
    .flatMap((op) =>
      broadcastPairs(op.name, 5).map(([a, b]) => kernelCase(op.name, [bool(a), bool(b)], op)),
    )
    .concat(
      randomShapes('logicalNot', 5).map((shape) =>
        kernelCase('logicalNot', [bool(shape)], tf.logicalNot),
      ),
    );
}

function whereCases(): KernelCase[] {
  return dtypes.flatMap((dtype) =>
    broadcastPairs(`where ${dtype}`, 6).map(([a, b], index) =>
      kernelCase(
        'where',
        [
          { shape: index % 2 ? a : [], dtype: 'bool' },
          { shape: a, dtype },
          { shape: b, dtype: index < 3 ? dtype : 'float32' },
        ],
        tf.where,
      ),
    ),
  );
}

function castCases(): KernelCase[] {
  return dtypes.flatMap((from) =>
    dtypes.flatMap((to) =>
      randomShapes(`cast ${from} ${to}`, 5).map((shape) =>
        kernelCase(`cast to ${to}`, [{ shape, dtype: from }], (x: tf.Tensor) => tf.cast(x, to)),
      ),
    ),
  );
}

const special: KernelCase[] = [
  ...[tf.round, tf.sign, tf.floor, tf.ceil, tf.relu, tf.step].map((op) =>
    kernelCase(`${op.name} of halves`, [{ ...float(12), values: halves }], op as Unary),
  ),
  ...([[0.5], [-0.25], [2]] as const).map(([alpha]) =>
    kernelCase(`step with alpha ${alpha}`, [float(3, 4)], (x: tf.Tensor) => tf.step(x, alpha)),
  ),
  ...[tf.isNaN, tf.isInf, tf.isFinite].map((op) =>
    kernelCase(
      `${op.name} of NaN and infinities`,
      [{ ...float(5), values: [NaN, 0, Infinity, -1, -Infinity] }],
      op,
    ),
  ),
  ...[tf.elu, tf.selu, tf.leakyRelu, tf.relu6, tf.sinh].map((op) =>
    kernelCase(`${op.name} of halves`, [{ ...float(12), values: halves }], op as Unary),
  ),
  ...[0, 0.5, -1, 2].map((alpha) =>
    kernelCase(`leakyRelu ${alpha}`, [float(3, 4)], (x: tf.Tensor) => tf.leakyRelu(x, alpha)),
  ),
  kernelCase('notEqual of NaN', [{ ...float(2), values: [NaN, 1] }], (x: tf.Tensor) =>
    tf.notEqual(x, x),
  ),
  kernelCase('cast of fractions', [{ ...float(12), values: halves }], (x: tf.Tensor) =>
    tf.cast(x, 'int32'),
  ),
  kernelCase(
    'floorDiv of large integers and by zero',
    [
      { shape: [7], dtype: 'int32', values: [16777217, -16777217, -7, 7, -7, 5, -5] },
      { shape: [7], dtype: 'int32', values: [1, 1, 2, -2, -2, 0, 0] },
    ],
    tf.floorDiv,
  ),
  ...dtypes.flatMap((dtype) =>
    [
      [-1, 1.5],
      [0, Number.POSITIVE_INFINITY],
      [Number.NEGATIVE_INFINITY, 2],
    ].map(([low, high]) =>
      kernelCase(`clip to ${low}, ${high}`, [{ shape: [4, 3], dtype }], (x: tf.Tensor) =>
        tf.clipByValue(x, low!, high!),
      ),
    ),
  ),
];

export const elementwiseCases: KernelCase[] = [
  ...unaryCases(),
  ...binaryCases(),
  ...logicalCases(),
  ...whereCases(),
  ...castCases(),
  ...special,
];
