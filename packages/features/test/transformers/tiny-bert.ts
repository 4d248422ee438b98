import { type Graph, onnxFile } from './onnx-file.ts';
import { constant, integers, mean, plus, times, weightDrawer } from './tiny-weights.ts';

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'a', 'red', 'blue', 'shoe', '##s', 'shirt', ','];
const dimension = 6;
/** Position embeddings, and so the longest text that the graph can run. */
const positionCount = 10;

interface TinyBert {
  /** All files of the model, by name. */
  readonly files: Record<string, unknown>;
  /** Hidden states of one text, `[tokens][dimension]`, computed in float64. */
  hidden(ids: readonly number[]): number[][];
}

/**
 * A sentence encoder with one layer. With `x` = word + type + position embedding, a token's hidden
 * state is `tanh((x + mean of x over the text) · W)`: it depends on all tokens that are not masked.
 * More tokens than there are positions for are an error of the graph.
 */
export function tinyBert(seed: number, modelType: 'bert' | 'roberta' = 'bert'): TinyBert {
  /** RoBERTa's positions begin behind that of padding. */
  const first = modelType === 'roberta' ? settings['config.json'].pad_token_id + 1 : 0;
  const draw = weightDrawer(seed);
  const word = draw(words.length, dimension);
  const type = draw(2, dimension);
  const position = draw(positionCount, dimension);
  const layer = draw(dimension, dimension);
  const graph: Graph = {
    ...interfaces,
    constants: {
      word: constant(word),
      type: constant(type),
      position: constant(position),
      layer: constant(layer),
      zero: integers(0),
      one: integers(1),
      two: integers(2),
      first: integers(first),
    },
    nodes: [
      ['Gather', ['word', 'input_ids'], 'words'],
      ['Gather', ['type', 'token_type_ids'], 'types'],
      ['Shape', ['input_ids'], 'shape'],
      ['Gather', ['shape', 'one'], 'length'],
      ['Add', ['length', 'first'], 'end'],
      ['Slice', ['position', 'first', 'end', 'zero'], 'positions'],
      ['Add', ['words', 'types'], 'typed'],
      ['Add', ['typed', 'positions'], 'x'],
      ['Cast', ['attention_mask'], 'flat_mask', { to: 1 }],
      ['Unsqueeze', ['flat_mask', 'two'], 'mask'],
      ['Mul', ['x', 'mask'], 'masked'],
      ['ReduceSum', ['masked', 'one'], 'sum'],
      ['ReduceSum', ['mask', 'one'], 'count'],
      ['Div', ['sum', 'count'], 'context'],
      ['Add', ['x', 'context'], 'mixed'],
      ['MatMul', ['mixed', 'layer'], 'product'],
      ['Tanh', ['product'], 'last_hidden_state'],
    ],
  };

  const hidden = (ids: readonly number[]) => {
    const x = ids.map((id, index) => plus(word[id]!, type[0]!, position[first + index]!));
    const context = mean(x);
    return x.map((row) => times(plus(row, context), layer).map(Math.tanh));
  };
  const config = { ...settings['config.json'], model_type: modelType };
  const files = { ...settings, 'config.json': config, 'onnx/model.onnx': onnxFile(graph) };
  return { files, hidden };
}

const tokens = ['batch', 'tokens'];
const interfaces: Pick<Graph, 'inputs' | 'outputs'> = {
  inputs: [
    { name: 'input_ids', type: 'int64', shape: tokens },
    { name: 'attention_mask', type: 'int64', shape: tokens },
    { name: 'token_type_ids', type: 'int64', shape: tokens },
  ],
  outputs: [{ name: 'last_hidden_state', type: 'float32', shape: [...tokens, dimension] }],
};

const special = words.slice(0, 4).map((content, id) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
}));

const settings = {
  'config.json': {
    model_type: 'bert',
    architectures: ['BertModel'],
    hidden_size: dimension,
    max_position_embeddings: positionCount,
    pad_token_id: 0,
  },
  'tokenizer.json': {
    version: '1.0',
    truncation: { direction: 'Right', max_length: 4, strategy: 'LongestFirst', stride: 0 },
    padding: null,
    added_tokens: special,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  },
  'tokenizer_config.json': {
    tokenizer_class: 'BertTokenizer',
    model_max_length: 512,
    do_lower_case: true,
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    pad_token: '[PAD]',
    unk_token: '[UNK]',
  },
};
