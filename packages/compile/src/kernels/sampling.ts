import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';
import { reshaped, sliced, table } from './arrange.ts';
import { cast, type KernelRule, type KernelRules, named } from './rule.ts';

/**
 * Where to read, a value for every pixel of the result. Rows and columns are float64, as in tfjs:
 * float32 would take some at the edge for places outside.
 */
interface Place {
  /** Which image, in int64. */
  readonly image: string;
  readonly row: string;
  readonly column: string;
}

interface Axis {
  readonly extent: number;
  readonly place: string;
}

/** Arithmetic on float64 values and numbers. */
function arithmetic(recorder: RecordingBackend) {
  const { graph } = recorder;
  const value = (operand: string | number) =>
    typeof operand === 'string' ? operand : table(recorder, 'float64', [], [operand]);
  const binary = (operator: string) => (a: string | number, b: string | number) =>
    graph.apply(operator, [value(a), value(b)]);
  return {
    plus: binary('Add'),
    minus: binary('Sub'),
    times: binary('Mul'),
    over: binary('Div'),
    isLess: binary('Less'),
    isEqual: binary('Equal'),
    larger: binary('Max'),
    smaller: binary('Min'),
    floor: (name: string) => graph.apply('Floor', [name]),
    choose: (condition: string, a: string | number, b: string | number) =>
      graph.apply('Where', [condition, value(a), value(b)]),
  };
}

type Arithmetic = ReturnType<typeof arithmetic>;

/** Whether places, in whole cells, lie on all their axes. */
function isInside(
  recorder: RecordingBackend,
  { isLess }: Arithmetic,
  axes: readonly Axis[],
): string {
  const { graph } = recorder;
  return axes
    .map(({ extent, place }) => {
      const isBefore = isLess(place, 0);
      const isBehind = graph.apply('Not', [isLess(place, extent)]);
      return graph.apply('Not', [graph.apply('Or', [isBefore, isBehind])]);
    })
    .reduce((all, next) => graph.apply('And', [all, next]));
}

/** The channels at whole rows and columns; `fill` where those lie outside the image. */
function read(recorder: RecordingBackend, image: TensorInfo, at: Place, fill: number): string {
  const { graph } = recorder;
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const math = arithmetic(recorder);
  const inside = isInside(recorder, math, [
    { extent: height, place: at.row },
    { extent: width, place: at.column },
  ]);
  const cell = math.plus(math.times(at.row, width), at.column);
  const pixel = cast(recorder, math.choose(inside, cell, 0), 'int64');
  const start = graph.apply('Mul', [at.image, graph.integers([height * width])]);
  const pixels = reshaped(recorder, named(recorder, image, 'float32'), [
    batch * height * width,
    channels,
  ]);
  const taken = graph.apply('Gather', [pixels, graph.apply('Add', [start, pixel])]);
  const condition = graph.apply('Unsqueeze', [inside, graph.integers([-1])]);
  return graph.apply('Where', [condition, taken, graph.scalar('float32', fill)]);
}

/** Between four cells, by how near they are. */
function interpolate(
  recorder: RecordingBackend,
  image: TensorInfo,
  at: Place,
  fill: number,
): string {
  const { graph } = recorder;
  const { floor, plus, minus } = arithmetic(recorder);
  const weight = (name: string) => {
    const narrow = cast(recorder, name, 'float32');
    return graph.apply('Unsqueeze', [narrow, graph.integers([-1])]);
  };
  const between = (place: string) => {
    const low = floor(place);
    const high = plus(low, 1);
    return { low, high, toLow: weight(minus(high, place)), toHigh: weight(minus(place, low)) };
  };
  const [row, column] = [between(at.row), between(at.column)];
  const mixed = (row: string) => {
    const left = read(recorder, image, { ...at, row, column: column.low }, fill);
    const right = read(recorder, image, { ...at, row, column: column.high }, fill);
    return graph.apply('Add', [
      graph.apply('Mul', [left, column.toLow]),
      graph.apply('Mul', [right, column.toHigh]),
    ]);
  };
  return graph.apply('Add', [
    graph.apply('Mul', [mixed(row.low), row.toLow]),
    graph.apply('Mul', [mixed(row.high), row.toHigh]),
  ]);
}

function rounded(recorder: RecordingBackend, at: Place): Place {
  const { floor, plus } = arithmetic(recorder);
  return { ...at, row: floor(plus(at.row, 0.5)), column: floor(plus(at.column, 0.5)) };
}

/** Places of a crop along one axis: `[boxes, size]`. `bounds` are the box's, from 0 to 1. */
function cropPlaces(
  recorder: RecordingBackend,
  [first, last]: readonly [string, string],
  extent: number,
  size: number,
): string {
  const { plus, minus, times, over } = arithmetic(recorder);
  if (size === 1) return times(times(0.5, plus(first, last)), extent - 1);
  const scale = over(times(minus(last, first), extent - 1), size - 1);
  const cells = table(recorder, 'float64', [1, size], [...Array(size).keys()]);
  return plus(times(first, extent - 1), times(cells, scale));
}

const cropAndResize: KernelRule = (recorder, { image, boxes, boxInd }, attributes) => {
  const { graph } = recorder;
  const { cropSize, method, extrapolationValue } = attributes;
  const [, height, width, channels] = image.shape;
  const count = boxes.shape[0];
  const [rows, columns] = cropSize;
  const wide = named(recorder, boxes, 'float64');
  const [top, left, bottom, right] = [0, 1, 2, 3].map((side) =>
    sliced(recorder, wide, { starts: [side], ends: [side + 1], axes: [1] }),
  ) as [string, string, string, string];
  const shape = [count, rows, columns];
  const spread = (name: string, form: number[]) =>
    graph.apply('Expand', [reshaped(recorder, name, form), graph.integers(shape)]);
  const at: Place = {
    image: reshaped(recorder, named(recorder, boxInd, 'int64'), [count, 1, 1]),
    row: spread(cropPlaces(recorder, [top, bottom], height, rows), [count, rows, 1]),
    column: spread(cropPlaces(recorder, [left, right], width, columns), [count, 1, columns]),
  };
  const math = arithmetic(recorder);
  const axes: Axis[] = [
    { extent: height - 1, place: at.row },
    { extent: width - 1, place: at.column },
  ];
  // Up to the last cell's middle, and no further.
  const outside = axes
    .flatMap(({ extent, place }) => [
      math.isLess(place, 0),
      math.isLess(math.plus(0, extent), place),
    ])
    .reduce((any, next) => graph.apply('Or', [any, next]));
  const value =
    method === 'bilinear'
      ? interpolate(recorder, image, at, 0)
      : read(recorder, image, rounded(recorder, at), 0);
  const condition = graph.apply('Unsqueeze', [outside, graph.integers([-1])]);
  const fill = graph.scalar('float32', extrapolationValue);
  const name = graph.apply('Where', [condition, fill, value]);
  return recorder.info(name, [...shape, channels], 'float32');
};

/** Brings places beyond an axis back, as tfjs's fill modes do. */
function broughtBack(recorder: RecordingBackend, { extent, place }: Axis, mode: string): string {
  const math = arithmetic(recorder);
  const { plus, minus, times, over, floor, isLess, choose } = math;
  const clamped = (name: string) => math.larger(0, math.smaller(name, extent - 1));
  if (mode === 'nearest') return clamped(place);
  if (mode !== 'reflect' && mode !== 'wrap') return place;
  if (extent <= 1) return math.times(place, 0);
  const isBefore = isLess(place, 0);
  const isBehind = isLess(extent - 1, place);
  const period = mode === 'reflect' ? 2 * extent : extent - 1;
  const turns = (name: string) => floor(over(name, period));
  if (mode === 'wrap') {
    const before = plus(place, times(extent, plus(turns(minus(0, place)), 1)));
    const behind = minus(place, times(extent, turns(place)));
    return clamped(choose(isBefore, before, choose(isBehind, behind, place)));
  }
  const raised = plus(place, times(period, turns(minus(0, place))));
  const before = choose(isLess(raised, -extent), plus(raised, period), minus(minus(0, raised), 1));
  const lowered = minus(place, times(period, turns(place)));
  const behind = choose(isLess(lowered, extent), lowered, minus(minus(period, lowered), 1));
  return clamped(choose(isBefore, before, choose(isBehind, behind, place)));
}

const transform: KernelRule = (recorder, { image, transforms }, attributes) => {
  const { graph } = recorder;
  const { interpolation, fillMode, fillValue, outputShape } = attributes;
  const [batch, height, width, channels] = image.shape;
  const [rows, columns] = outputShape ?? [height, width];
  const shape = [batch, rows, columns];
  const { plus, times, over, isEqual, choose } = arithmetic(recorder);
  const wide = named(recorder, transforms, 'float64');
  const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, part) => {
    const name = sliced(recorder, wide, { starts: [part], ends: [part + 1], axes: [1] });
    return reshaped(recorder, name, [transforms.shape[0], 1, 1]);
  }) as [string, string, string, string, string, string, string, string];
  const x = table(recorder, 'float64', [1, 1, columns], [...Array(columns).keys()]);
  const y = table(recorder, 'float64', [1, rows, 1], [...Array(rows).keys()]);
  const along = (p: string, q: string, r: string | number) =>
    plus(plus(times(p, x), times(q, y)), r);

  const projection = along(g, h, 1);
  const isInfinite = isEqual(projection, 0);
  const divisor = choose(isInfinite, 1, projection);
  const spread = (name: string) => graph.apply('Expand', [name, graph.integers(shape)]);
  const place = (p: string, q: string, r: string, extent: number) =>
    spread(broughtBack(recorder, { extent, place: over(along(p, q, r), divisor) }, fillMode));
  const at: Place = {
    image: table(recorder, 'int64', [batch, 1, 1], [...Array(batch).keys()]),
    row: place(d, e, f, height),
    column: place(a, b, c, width),
  };
  const value =
    interpolation === 'bilinear'
      ? interpolate(recorder, image, at, fillValue)
      : read(recorder, image, rounded(recorder, at), fillValue);
  const condition = graph.apply('Unsqueeze', [isInfinite, graph.integers([-1])]);
  const name = graph.apply('Where', [condition, graph.scalar('float32', fillValue), value]);
  return recorder.info(name, [...shape, channels], image.dtype);
};

export const samplingRules: KernelRules = {
  CropAndResize: cropAndResize,
  Transform: transform,
};
