export { type ClosenessOptions, expectAllClose } from './expect-all-close.ts';
export { range } from './range.ts';
export { testReadme } from './test-readme.ts';
