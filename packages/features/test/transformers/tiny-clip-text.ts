import { type Graph, onnxFile } from './onnx-file.ts';
import { constant, integers, plus, times, weightDrawer } from './tiny-weights.ts';

const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const start = '<|startoftext|>';
const end = '<|endoftext|>';
/** Letters are 0 to 25, letters at the end of a word 26 to 51. */
const words = [
  ...letters,
  ...letters.map((letter) => `${letter}</w>`),
  're',
  'red</w>',
  start,
  end,
];
export const startToken: number = words.indexOf(start);
export const endToken: number = words.indexOf(end);
export const redToken: number = words.indexOf('red</w>');

const hiddenSize = 6;
const dimension = 5;
/** Position embeddings, and so the longest text that the graph can run. */
const positionCount = 8;

interface TinyClipText {
  readonly files: Record<string, unknown>;
  /** The vector of one text, not normalised, computed in float64. */
  embed(ids: readonly number[]): number[];
}

/**
 * The text half of CLIP with one causal layer. With `x` = word + position embedding, the state of a
 * token is `tanh((sum of x up to it) · W)`; the vector is that of the first end token, projected.
 */
export function tinyClipText(seed: number): TinyClipText {
  const draw = weightDrawer(seed);
  const word = draw(words.length, hiddenSize);
  const position = draw(positionCount, hiddenSize);
  const layer = draw(hiddenSize, hiddenSize);
  const projection = draw(hiddenSize, dimension);
  const graph: Graph = {
    inputs: [{ name: 'input_ids', type: 'int64', shape: ['batch', 'tokens'] }],
    outputs: [{ name: 'text_embeds', type: 'float32', shape: ['batch', dimension] }],
    constants: {
      word: constant(word),
      position: constant(position),
      layer: constant(layer),
      projection: constant(projection),
      zero: integers(0),
      one: integers(1),
    },
    nodes: [
      ['Gather', ['word', 'input_ids'], 'words'],
      ['Shape', ['input_ids'], 'shape'],
      ['Gather', ['shape', 'one'], 'length'],
      ['Slice', ['position', 'zero', 'length', 'zero'], 'positions'],
      ['Add', ['words', 'positions'], 'x'],
      ['CumSum', ['x', 'one'], 'sums'],
      ['MatMul', ['sums', 'layer'], 'product'],
      ['Tanh', ['product'], 'hidden'],
      ['Cast', ['input_ids'], 'ids', { to: 1 }],
      ['ArgMax', ['ids'], 'end', { axis: 1 }],
      ['GatherND', ['hidden', 'end'], 'pooled', { batch_dims: 1 }],
      ['MatMul', ['pooled', 'projection'], 'text_embeds'],
    ],
  };

  const embed = (ids: readonly number[]) => {
    const read = ids.slice(0, ids.indexOf(endToken) + 1);
    const sum = plus(...read.map((id, index) => plus(word[id]!, position[index]!)));
    return times(times(sum, layer).map(Math.tanh), projection);
  };
  return { files: { ...settings, 'onnx/text_model.onnx': onnxFile(graph) }, embed };
}

const settings = {
  'config.json': {
    model_type: 'clip',
    architectures: ['CLIPModel'],
    projection_dim: dimension,
    text_config: { model_type: 'clip_text_model', max_position_embeddings: positionCount },
    vision_config: { model_type: 'clip_vision_model' },
  },
  'tokenizer.json': {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [start, end].map((content) => ({
      id: words.indexOf(content),
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: true,
      special: true,
    })),
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: '\\p{L}+' }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [end, words.indexOf(end)],
      cls: [start, words.indexOf(start)],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: end,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
      merges: ['r e', 're d</w>'],
    },
  },
  'tokenizer_config.json': {
    tokenizer_class: 'CLIPTokenizer',
    model_max_length: 77,
    bos_token: start,
    eos_token: end,
    pad_token: end,
    unk_token: end,
  },
};
