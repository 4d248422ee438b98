export { type ClosenessOptions, expectAllClose } from './expect-all-close.ts';
export { testReadme } from './test-readme.ts';
