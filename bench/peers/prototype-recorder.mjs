// The recording backend of the first prototype (see prototype.mjs): a protobuf writer, and the
// tfjs kernels that one SASRec step needs, each as one or two ONNX nodes.
import { library } from '../common/libraries.mjs';

const tf = await library('@tensorflow/tfjs');

const utf8 = new TextEncoder();
const concat = (...parts) => Buffer.concat(parts);

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
  } while (rest);
  return Uint8Array.from(bytes);
}

const integer = (field, value) => concat(varint(field << 3), varint(value));
const bytes = (field, value) => concat(varint((field << 3) | 2), varint(value.length), value);
const text = (field, value) => bytes(field, utf8.encode(value));

const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9 };

function attribute(name, value) {
  if (typeof value === 'string') return concat(text(1, name), text(4, value), integer(20, 3));
  if (Array.isArray(value)) {
    return concat(text(1, name), ...value.map((entry) => integer(8, entry)), integer(20, 7));
  }
  return concat(text(1, name), integer(3, value), integer(20, 2));
}

const graph = { nodes: [], initializers: [], inputs: [], outputs: [], names: new Map(), count: 0 };
const fresh = () => `v${graph.count++}`;

function node(operator, inputs, outputs, attributes = {}, domain = '') {
  graph.nodes.push(
    concat(
      ...inputs.map((name) => text(1, name)),
      ...outputs.map((name) => text(2, name)),
      text(3, `${operator}${graph.count++}`),
      text(4, operator),
      ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
      ...(domain ? [text(7, domain)] : []),
    ),
  );
}

function constant(type, dims, values) {
  const name = fresh();
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const fields = [integer(2, elementTypes[type]), text(8, name), bytes(9, raw)];
  graph.initializers.push(concat(...dims.map((size) => integer(1, size)), ...fields));
  return name;
}

const int64s = (values) =>
  constant('int64', [values.length], BigInt64Array.from(values.map((value) => BigInt(value))));
const float = (value) => constant('float32', [], Float32Array.of(value));

class RecordingBackend extends tf.KernelBackend {
  #entries = new Map();

  numDataIds() {
    return this.#entries.size;
  }
  floatPrecision() {
    return 32;
  }
  epsilon() {
    return 1e-7;
  }
  write(values, _, dtype) {
    const id = {};
    this.move(id, values, undefined, dtype);
    return id;
  }
  move(id, values, _, dtype) {
    this.#entries.set(id, { values, dtype });
  }
  incRef() {}
  decRef() {}
  refCount() {
    return 1;
  }
  disposeData() {
    return false;
  }
  name({ dataId, shape }) {
    const known = graph.names.get(dataId);
    if (known) return known;
    const { values, dtype } = this.#entries.get(dataId);
    const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
    const typed = ArrayBuffer.isView(values) ? values : arrays[dtype].from(values);
    const name = constant(dtype, shape, typed);
    graph.names.set(dataId, name);
    return name;
  }
  output(shape, dtype) {
    const [dataId, name] = [{}, fresh()];
    this.#entries.set(dataId, {});
    graph.names.set(dataId, name);
    return { info: { dataId, shape, dtype }, name };
  }
}

const { assertAndGetBroadcastShape } = tf.backend_util;
const { inferFromImplicitShape, parseAxisParam, sizeFromShape } = tf.util;

function kernel(kernelName, record) {
  const kernelFunc = ({ inputs, attrs, backend }) => record(inputs, attrs ?? {}, backend);
  tf.registerKernel({ kernelName, backendName: 'prototype', kernelFunc });
}

/** One node whose output has the given form. */
function emit(backend, operator, names, shape, dtype, attributes = {}, domain = '') {
  const { info, name } = backend.output(shape, dtype);
  node(operator, names, [name], attributes, domain);
  return info;
}

function binary(kernelName, operator, dtype) {
  kernel(kernelName, ({ a, b }, _, backend) => {
    const shape = assertAndGetBroadcastShape(a.shape, b.shape);
    return emit(backend, operator, [backend.name(a), backend.name(b)], shape, dtype ?? a.dtype);
  });
}

function unary(kernelName, operator) {
  kernel(kernelName, ({ x }, _, backend) =>
    emit(backend, operator, [backend.name(x)], x.shape, x.dtype),
  );
}

function reduction(kernelName, operator) {
  kernel(kernelName, ({ x }, { axis, reductionIndices, keepDims }, backend) => {
    const axes = parseAxisParam(axis ?? reductionIndices, x.shape);
    const kept = (size, index) => (axes.includes(index) ? (keepDims ? [1] : []) : [size]);
    const names = [backend.name(x), int64s(axes)];
    const attributes = { keepdims: keepDims ? 1 : 0 };
    return emit(backend, operator, names, x.shape.flatMap(kept), x.dtype, attributes);
  });
}

function registerArithmetic() {
  const pairs = { Add: 'Add', Sub: 'Sub', Multiply: 'Mul', RealDiv: 'Div', Pow: 'Pow' };
  for (const [name, operator] of Object.entries(pairs)) binary(name, operator);
  for (const name of ['Exp', 'Log', 'Tanh', 'Sqrt', 'Neg', 'Identity']) unary(name, name);
  for (const name of ['Sum', 'Mean', 'Max']) reduction(name, `Reduce${name}`);
  kernel('Square', ({ x }, _, backend) =>
    emit(backend, 'Mul', [backend.name(x), backend.name(x)], x.shape, x.dtype),
  );
  kernel('Rsqrt', ({ x }, _, backend) => {
    const root = fresh();
    node('Sqrt', [backend.name(x)], [root]);
    return emit(backend, 'Reciprocal', [root], x.shape, x.dtype);
  });
  kernel('Cast', ({ x }, { dtype }, backend) =>
    emit(backend, 'Cast', [backend.name(x)], x.shape, dtype, { to: elementTypes[dtype] }),
  );
}

function registerMatMul() {
  kernel('BatchMatMul', ({ a, b }, { transposeA, transposeB }, backend) => {
    const rows = a.shape.at(transposeA ? -1 : -2);
    const columns = b.shape.at(transposeB ? -2 : -1);
    const names = [backend.name(a), backend.name(b)];
    const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
    const shape = [...a.shape.slice(0, -2), rows, columns];
    return a.shape.length === 2 && b.shape.length === 2
      ? emit(backend, 'Gemm', names, shape, 'float32', attributes)
      : emit(backend, 'FusedMatMul', names, shape, 'float32', attributes, 'com.microsoft');
  });
}

function registerShapes() {
  kernel('Reshape', ({ x }, { shape }, backend) => {
    const full = inferFromImplicitShape(shape, sizeFromShape(x.shape));
    return emit(backend, 'Reshape', [backend.name(x), int64s(full)], full, x.dtype);
  });
  kernel('ExpandDims', ({ input }, { dim }, backend) => {
    const shape = [...input.shape];
    shape.splice(dim < 0 ? shape.length + 1 + dim : dim, 0, 1);
    return emit(backend, 'Reshape', [backend.name(input), int64s(shape)], shape, input.dtype);
  });
  kernel('Transpose', ({ x }, { perm }, backend) => {
    const shape = perm.map((place) => x.shape[place]);
    return emit(backend, 'Transpose', [backend.name(x)], shape, x.dtype, { perm });
  });
  kernel('Slice', ({ x }, { begin, size }, backend) => {
    const shape = size.map((extent, axis) => (extent < 0 ? x.shape[axis] - begin[axis] : extent));
    const end = begin.map((start, axis) => start + shape[axis]);
    const names = [backend.name(x), int64s(begin), int64s(end)];
    return emit(backend, 'Slice', names, shape, x.dtype);
  });
  kernel('PadV2', ({ x }, { paddings, constantValue }, backend) => {
    const shape = x.shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]);
    const pads = [0, 1].flatMap((side) => paddings.map((padding) => padding[side]));
    const names = [backend.name(x), int64s(pads), float(constantValue)];
    return emit(backend, 'Pad', names, shape, x.dtype);
  });
  kernel('Tile', ({ x }, { reps }, backend) => {
    const shape = x.shape.map((size, axis) => size * reps[axis]);
    return emit(backend, 'Tile', [backend.name(x), int64s(reps)], shape, x.dtype);
  });
  kernel('Fill', (_, { shape, value, dtype = 'float32' }, backend) =>
    emit(backend, 'Expand', [float(value), int64s(shape)], shape, dtype),
  );
}

function registerIndexing() {
  kernel('GatherV2', ({ x, indices }, { axis }, backend) => {
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    const names = [backend.name(x), backend.name(indices)];
    return emit(backend, 'Gather', names, shape, x.dtype, { axis });
  });
  kernel('ScatterNd', ({ indices, updates }, { shape }, backend) => {
    const [zeros, places] = [fresh(), fresh()];
    node('ConstantOfShape', [int64s(shape)], [zeros]);
    node('Cast', [backend.name(indices)], [places], { to: elementTypes.int64 });
    const names = [zeros, places, backend.name(updates)];
    return emit(backend, 'ScatterND', names, shape, 'float32', { reduction: 'add' });
  });
  kernel('ZerosLike', ({ x }, _, backend) => {
    const zeros = fresh();
    node('ConstantOfShape', [int64s(x.shape)], [zeros]);
    return emit(backend, 'Cast', [zeros], x.shape, x.dtype, { to: elementTypes[x.dtype] });
  });
  kernel('OneHot', ({ indices }, { depth }, backend) => {
    const places = fresh();
    node('Cast', [backend.name(indices)], [places], { to: elementTypes.int64 });
    const names = [places, int64s([depth]), constant('float32', [2], Float32Array.of(0, 1))];
    return emit(backend, 'OneHot', names, [...indices.shape, depth], 'float32');
  });
}

function valueInfo([name, shape, type]) {
  const dims = concat(...shape.map((size) => bytes(1, integer(1, size))));
  const tensor = concat(integer(1, elementTypes[type]), bytes(2, dims));
  return concat(text(1, name), bytes(2, bytes(1, tensor)));
}

export async function startRecording() {
  tf.registerBackend('prototype', () => new RecordingBackend(), 1);
  registerArithmetic();
  registerMatMul();
  registerShapes();
  registerIndexing();
  await tf.setBackend('prototype');
}

/** Makes a tensor an input of the graph. */
export function declareInput(name, tensor) {
  graph.names.set(tensor.dataId, name);
  graph.inputs.push([name, tensor.shape, tensor.dtype]);
  return tensor;
}

/** Makes a tensor an output of the graph. */
export function declareOutput(name, tensor) {
  node('Identity', [graph.names.get(tensor.dataId)], [name]);
  graph.outputs.push([name, tensor.shape, tensor.dtype]);
}

/** The recorded graph as an ONNX file: operator set 18, and com.microsoft's. */
export function onnxModel() {
  const body = concat(
    ...graph.nodes.map((entry) => bytes(1, entry)),
    text(2, 'step'),
    ...graph.initializers.map((entry) => bytes(5, entry)),
    ...graph.inputs.map((entry) => bytes(11, valueInfo(entry))),
    ...graph.outputs.map((entry) => bytes(12, valueInfo(entry))),
  );
  const sets = [integer(2, 18), concat(text(1, 'com.microsoft'), integer(2, 1))];
  return concat(integer(1, 9), bytes(7, body), ...sets.map((set) => bytes(8, set)));
}
