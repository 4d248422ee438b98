import { compile, eager } from '@rodpo/compile';

export const engines: [string, typeof eager][] = [
  ['compiled', compile],
  ['eager', eager],
];
