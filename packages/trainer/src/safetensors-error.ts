/** A file that is not a readable safetensors file. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}. Expected a complete safetensors file of F32, I32 or U8 tensors.`);
    this.file = file;
  }
}
