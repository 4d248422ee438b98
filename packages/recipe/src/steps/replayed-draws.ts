import type { Uniform } from '@rodpo/ops';
import { keep, type Tensor, util } from '@tensorflow/tfjs-core';

/** Draws that can be had once more, in their order. */
export interface ReplayedDraws {
  /** Draws, and remembers. */
  readonly uniform: Uniform;
  /** The remembered draws from the first on, for whoever asks for the same shapes in the same order. */
  again(): Uniform;
  dispose(): void;
}

/** Draws outlive the scope that they are made in, until `dispose`. */
export function replayedDraws(uniform: Uniform): ReplayedDraws {
  const drawn: Tensor[] = [];
  return {
    uniform: (shape) => {
      const draw = keep(uniform(shape));
      drawn.push(draw);
      return draw;
    },
    again: () => {
      let next = 0;
      return (shape) => {
        const draw = drawn[next++];
        if (!draw)
          throw new RangeError(`There were ${drawn.length} draws, and one more is asked for.`);
        util.assertShapesMatch(draw.shape, [...shape], 'replayedDraws: ');
        return draw;
      };
    },
    dispose: () => {
      for (const draw of drawn.splice(0)) draw.dispose();
    },
  };
}
