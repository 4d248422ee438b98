import { lookup } from '@rodpo/ops';
import {
  add,
  cast,
  expandDims,
  gather,
  less,
  matMul,
  mul,
  type Scalar,
  sub,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { BlockContext } from '../encoder-block.ts';
import type { ParameterFinder } from '../parameters.ts';
import { inBatchContrast } from './in-batch-contrast.ts';
import type { SequenceEnds } from './sequence-ends.ts';
import type { FilledHm4sr } from './settings.ts';
import { streamTower } from './stream-tower.ts';

/** What the streams were made of, and became; in the order of the settings' streams. */
export interface EncodedStreams {
  /** As they go into their towers, `[tokens, dimension]` each. */
  readonly inputs: readonly Tensor2D[];
  readonly outputs: readonly Tensor2D[];
  /** As `timeEmbedding` makes it, if the encoder reads times. */
  readonly time: Tensor2D | undefined;
}

export interface PlaceholderContrastContext extends BlockContext {
  readonly targets: Tensor;
  readonly ends: SequenceEnds;
}

/**
 * HM4SR's placeholder contrast: hides a share of the tokens in every stream but the ids behind a
 * placeholder that knows only their time, encodes once more, and tells the vectors of each sequence
 * from those of the others. Only the last tokens of sequences take part. The mean over streams.
 *
 * Tokens are hidden one by one with the probability `share`, where HM4SR hides an exact share of
 * every sequence: a packed row has no one length.
 */
export function placeholderContrast(
  { inputs, outputs, time }: EncodedStreams,
  weight: ParameterFinder,
  settings: FilledHm4sr,
  context: PlaceholderContrastContext,
): Scalar {
  const { share, temperature } = settings.losses.placeholderContrast!;
  const { targets, ends } = context;
  const { tokens, weights } = ends;
  const ids = gather(targets, tokens);
  const draws = context.uniform(targets.shape);
  const hidden = expandDims(cast(less(draws, share), 'float32'), 1);
  const losses = settings.streams.slice(1).map((name, index) => {
    const placeholder = placeholderOf(name, time, weight);
    const kept = mul(inputs[index + 1]!, sub(1, hidden));
    const augmented = add(kept, mul(placeholder, hidden)) as Tensor2D;
    const inTower = (part: string) => weight(`${name}.${part}`);
    const again = streamTower(augmented, inTower, settings, context);
    const [anchors, positives] = [lookup(outputs[index + 1]!, tokens), lookup(again, tokens)];
    return inBatchContrast(anchors, positives, { ids, weights, temperature });
  });
  return mul(
    losses.reduce((total, loss) => add(total, loss)),
    1 / losses.length,
  );
}

function placeholderOf(
  stream: string,
  time: Tensor2D | undefined,
  weight: ParameterFinder,
): Tensor {
  if (!time) return weight(`placeholder.${stream}.vector`);
  const kernel = weight(`placeholder.${stream}.kernel`) as Tensor2D;
  return add(matMul(time, kernel), weight(`placeholder.${stream}.bias`));
}
