export { type ColourHistogramOptions, colourHistogram } from './image/colour-histogram.ts';
export { type DecodeOptions, decodeImage } from './image/decode-image.ts';
export { type ImageHistogramsOptions, imageHistograms } from './image/image-histograms.ts';
export type { ImageInput, ImageLimits } from './image/image-input.ts';
export { type OrientedGradientsOptions, orientedGradients } from './image/oriented-gradients.ts';
export { parsePreprocessing } from './image/parse-preprocessing.ts';
export type { Pixels } from './image/pixels.ts';
export { preprocessImage } from './image/preprocess-image.ts';
export {
  clipPreprocessing,
  type ImageSize,
  type Preprocessing,
  type Resample,
} from './image/preprocessing.ts';
export { clipImages } from './models/clip-images.ts';
export { type ImageModelOptions, imageModel } from './models/image-model.ts';
export type { ImageEmbedderOptions } from './transformers/image-embedder.ts';
