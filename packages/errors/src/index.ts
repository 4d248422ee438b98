export { ActionableError, actionable, isActionable } from './actionable.ts';
export { quote } from './quote.ts';
export { requireInteger, requirePositiveInteger } from './require-integer.ts';
