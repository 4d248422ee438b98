import { type Node, onnxFile } from './onnx-file.ts';
import { constant, integers, plus, times, weightDrawer } from './tiny-weights.ts';

/** Images are 8 × 8 pixels, and seen as 2 × 2 patches of 4 × 4. */
const side = 8;
const patch = 4;
const channels = 6;
const dimension = 5;

/** `tanh(W · patch + bias)` of each patch, `[patches][channels]`, computed in float64. */
type Patches = number[][];

interface TinyVision {
  /** Settings, and one graph for every kind of output that image models have. */
  readonly files: Record<'clip' | 'pooler' | 'tokens' | 'map' | 'other', Record<string, unknown>>;
  /** @param pixels `[3, height, width]`, preprocessed */
  patches(pixels: Float32Array, width?: number): Patches;
  readonly projected: (row: readonly number[]) => number[];
}

/**
 * Image models over the same patches: the mean of the patches projected (`image_embeds`, as CLIP),
 * the first patch projected (`pooler_output`) beside the patches as tokens, the tokens alone, the
 * patches as a feature map, and an output that is no feature.
 */
export function tinyVision(seed: number): TinyVision {
  const draw = weightDrawer(seed);
  const kernel = draw(channels, 3 * patch * patch);
  const bias = draw(1, channels);
  const projection = draw(channels, dimension);
  const constants = {
    kernel: constant(kernel, [channels, 3, patch, patch]),
    bias: constant(bias, [channels]),
    projection: constant(projection),
    flat: integers(0, channels, -1),
    first: { shape: [], values: BigInt64Array.of(0n) },
    places: integers(2, 3),
  };
  const graph = (name: string, shape: readonly (number | string)[], more: readonly Node[]) => {
    const nodes = [...patchNodes, ...more];
    const used = new Set(nodes.flatMap(([, inputs]) => inputs));
    return onnxFile({
      inputs: [{ name: 'pixel_values', type: 'float32', shape: ['batch', 3, 'height', 'width'] }],
      outputs: [
        { name, type: 'float32', shape },
        ...(name === 'pooler_output' ? [tokensOutput] : []),
      ],
      constants: Object.fromEntries(Object.entries(constants).filter(([key]) => used.has(key))),
      nodes,
    });
  };

  const pooler = graph('pooler_output', ['batch', dimension], [...tokenNodes, ...poolerNodes]);
  const clip = graph('image_embeds', ['batch', dimension], clipNodes);
  return {
    files: {
      clip: { ...settings('clip', clipSize), 'onnx/vision_model.onnx': clip },
      pooler: { ...settings('vit', size), 'onnx/model.onnx': pooler },
      tokens: {
        ...settings('vit', size),
        'onnx/model.onnx': graph('last_hidden_state', ['batch', 4, channels], tokenNodes),
      },
      map: {
        ...settings('resnet', size),
        'onnx/model.onnx': graph(
          'last_hidden_state',
          ['batch', channels, 'rows', 'columns'],
          mapNodes,
        ),
      },
      other: {
        ...settings('vit', size),
        'onnx/model.onnx': graph('logits', ['batch', channels, 2, 2], otherNodes),
      },
    },
    patches: (pixels, width = side) =>
      patchPixels(pixels, width).map((row) =>
        plus(
          kernel.map((weights) => weights.reduce((sum, weight, i) => sum + weight * row[i]!, 0)),
          bias[0]!,
        ).map(Math.tanh),
      ),
    projected: (row) => times(row, projection),
  };
}

const tokensOutput = {
  name: 'last_hidden_state',
  type: 'float32',
  shape: ['batch', 4, channels],
} as const;

const patchNodes: readonly Node[] = [
  [
    'Conv',
    ['pixel_values', 'kernel', 'bias'],
    'conv',
    { kernel_shape: [patch, patch], strides: [patch, patch] },
  ],
  ['Tanh', ['conv'], 'map'],
];
const tokenNodes: readonly Node[] = [
  ['Reshape', ['map', 'flat'], 'columns'],
  ['Transpose', ['columns'], 'last_hidden_state', { perm: [0, 2, 1] }],
];
const poolerNodes: readonly Node[] = [
  ['Gather', ['last_hidden_state', 'first'], 'cls', { axis: 1 }],
  ['MatMul', ['cls', 'projection'], 'pooler_output'],
];
const clipNodes: readonly Node[] = [
  ['GlobalAveragePool', ['map'], 'average'],
  ['Squeeze', ['average', 'places'], 'pooled'],
  ['MatMul', ['pooled', 'projection'], 'image_embeds'],
];
const mapNodes: readonly Node[] = [['Identity', ['map'], 'last_hidden_state']];
const otherNodes: readonly Node[] = [['Identity', ['map'], 'logits']];

/** The pixels of each patch, in the order of a kernel's weights. */
function patchPixels(pixels: Float32Array, width: number): number[][] {
  const height = pixels.length / 3 / width;
  const corners = Array.from({ length: height / patch }, (_, row) =>
    Array.from({ length: width / patch }, (_, column) => ({ x: column * patch, y: row * patch })),
  );
  return corners.flat().map(({ x, y }) =>
    Array.from({ length: 3 * patch * patch }, (_, index) => {
      const channel = Math.floor(index / (patch * patch));
      const row = y + (Math.floor(index / patch) % patch);
      return pixels[(channel * height + row) * width + x + (index % patch)]!;
    }),
  );
}

const size = { size: { height: side, width: side }, do_center_crop: false };
const clipSize = {
  size: { shortest_edge: side },
  do_center_crop: true,
  crop_size: { height: side, width: side },
};

function settings(modelType: string, sizes: object): Record<string, unknown> {
  return {
    'config.json': { model_type: modelType },
    'preprocessor_config.json': {
      do_resize: true,
      resample: 3,
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: [0.5, 0.4, 0.3],
      image_std: [0.25, 0.5, 0.2],
      ...sizes,
    },
  };
}
