/** A line of a data file is not what the format asks for, or is not text at all. */
export { TextFormatError as DataFormatError } from '@rodpo/files';
