/** A step read a tensor's value while it was being traced. */
export class ReadInsideTraceError extends Error {
  override readonly name = 'ReadInsideTraceError';

  constructor() {
    super(
      'A value was read inside a traced step (dataSync, data, arraySync or an op that needs ' +
        'values). A trace has shapes but no values yet: compute with tensors, or return the ' +
        'tensor as an output and read it after the run.',
    );
  }
}

/** A step used a tfjs kernel that has no ONNX form here. */
export class UnsupportedKernelError extends Error {
  override readonly name = 'UnsupportedKernelError';
  readonly kernel: string;

  constructor(kernel: string, detail = '') {
    super(
      `The tfjs kernel '${kernel}'${detail} cannot be compiled. ` +
        'Write the step with other ops, or run it with the eager engine.',
    );
    this.kernel = kernel;
  }
}
