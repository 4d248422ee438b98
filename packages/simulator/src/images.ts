export { type WriteImagesOptions, writeImages } from './images/write-images.ts';
