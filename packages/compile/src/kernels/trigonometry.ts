import { backend_util } from '@tensorflow/tfjs-core';
import { real } from './elementwise.ts';
import { converted, type KernelRule, type KernelRules, named } from './rule.ts';

/**
 * The angle of the point (b, a), from its slope: half a turn on where b is negative. ONNX has no
 * `atan2`. A negative zero counts as zero, and two infinities give NaN.
 */
const atan2: KernelRule = (recorder, { a, b }) => {
  const { graph } = recorder;
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [y, x] = [named(recorder, a, 'float32'), named(recorder, b, 'float32')];
  const zero = graph.scalar('float32', 0);
  const angle = graph.apply('Atan', [graph.apply('Div', [y, x])]);
  const sides = [Math.PI, -Math.PI].map((turn) => graph.scalar('float32', turn));
  const turn = graph.apply('Where', [graph.apply('GreaterOrEqual', [y, zero]), ...sides]);
  const behind = graph.apply('Add', [angle, turn]);
  const turned = graph.apply('Where', [graph.apply('Less', [x, zero]), behind, angle]);
  const isOrigin = graph.apply('And', [
    graph.apply('Equal', [x, zero]),
    graph.apply('Equal', [y, zero]),
  ]);
  const name = graph.apply('Where', [isOrigin, zero, turned]);
  return recorder.info(converted(recorder, name, 'float32', a.dtype), shape, a.dtype);
};

export const trigonometryRules: KernelRules = {
  Acos: real('Acos'),
  Acosh: real('Acosh'),
  Asin: real('Asin'),
  Asinh: real('Asinh'),
  Atan: real('Atan'),
  Atan2: atan2,
  Atanh: real('Atanh'),
  Cos: real('Cos'),
  Cosh: real('Cosh'),
  Sin: real('Sin'),
  Sinh: real('Sinh'),
  Tan: real('Tan'),
  Tanh: real('Tanh'),
};
