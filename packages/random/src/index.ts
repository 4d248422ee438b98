export { deriveSeed } from './derive-seed.ts';
export { fillUniform } from './fill-uniform.ts';
export { gaussianRandom } from './gaussian-random.ts';
export { permutation } from './permutation.ts';
export { seededRandom } from './seeded-random.ts';
export type { UniformRandom } from './uniform-random.ts';
