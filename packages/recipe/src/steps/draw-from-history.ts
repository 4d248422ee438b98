import {
  cast,
  cumsum,
  equal,
  expandDims,
  floor,
  greater,
  greaterEqual,
  log,
  logicalAnd,
  maximum,
  minimum,
  mul,
  notEqual,
  range,
  reshape,
  scalar,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Packed sequences as they are read: flat, int32 `[tokens]` each. */
export interface ReadTokens {
  readonly items: Tensor;
  /** Which sequence of its row a token belongs to, from 1; 0 is padding. */
  readonly segments: Tensor;
  readonly rowLength: number;
}

/**
 * Draws from what a sequence holds up to each token, the token's own item among it, but for the item that is
 * chosen next; an item as often as it stands there. Draws of a token are independent. Nothing is valid where
 * there is nothing else.
 *
 * @param chosen `[tokens]` int32
 * @param noise `[tokens]` or `[tokens, count]` float32, uniform in [0, 1)
 */
export function drawFromHistory(
  { items, segments, rowLength }: ReadTokens,
  chosen: Tensor,
  noise: Tensor,
): { items: Tensor; valid: Tensor; logProbabilities: Tensor } {
  const count = noise.shape[1] ?? 1;
  const rows = (values: Tensor) => reshape(values, [-1, rowLength]);
  const one = scalar(1, 'int32');
  const held = expandDims(rows(items), 1);
  // [row, token, place]: int32, 1 where the token may draw what stands at the place of its row.
  const may = allowedPlaces(rows(segments), notEqual(held, expandDims(rows(chosen), 2)));
  const available = sum(may, 2, true);
  const uniform = reshape(noise, [-1, rowLength, count]);
  const scaled = cast(floor(mul(uniform, cast(available, 'float32'))), 'int32');
  const places = minimum(scaled, sub(available, one));
  // The place that as many allowed ones stand before as were drawn: [row, token, draw, place].
  const before = expandDims(sub(cumsum(may, 2), may), 2);
  const isDrawn = mul(cast(equal(before, expandDims(places, 3)), 'int32'), expandDims(may, 2));
  const found = sum(mul(isDrawn, expandDims(held, 2)), 3);
  const isSame = cast(equal(expandDims(found, 3), expandDims(held, 2)), 'int32');
  const alike = sum(mul(isSame, expandDims(may, 2)), 3);
  const logOf = (numbers: Tensor) => log(cast(maximum(numbers, one), 'float32'));
  const shaped = (values: Tensor) => reshape(values, noise.shape);
  return {
    items: shaped(found),
    valid: reshape(cast(greater(available, 0), 'float32'), [-1]),
    logProbabilities: shaped(sub(logOf(alike), logOf(available))),
  };
}

/** Places of a row up to each of its tokens, of the token's own sequence, that hold something other. */
function allowedPlaces(segments: Tensor, isOther: Tensor): Tensor {
  const places = range(0, segments.shape[1]!, 1, 'int32');
  const isBefore = greaterEqual(expandDims(places, 1), expandDims(places, 0));
  const own = expandDims(segments, 2);
  const isOwn = logicalAnd(equal(own, expandDims(segments, 1)), greater(own, 0));
  return cast(logicalAnd(logicalAnd(isOwn, isBefore), isOther), 'int32');
}
