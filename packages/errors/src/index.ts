export { ActionableError, actionable, isActionable } from './actionable.ts';
export { isNotInstalled, loadOptional } from './load-optional.ts';
export { quote } from './quote.ts';
export { quoteList } from './quote-list.ts';
export { type IntegerRange, requireInteger, requirePositiveInteger } from './require-integer.ts';
export { requireOneOf } from './require-one-of.ts';
