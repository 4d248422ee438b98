import { ActionableError } from '@rodpo/errors';

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

/** A step drew from `Math.random` while it was being traced; its stack says where. */
export class RandomInsideTraceError extends Error {
  override readonly name = 'RandomInsideTraceError';

  constructor() {
    super(
      'A traced step drew from Math.random (tf.randomUniform, tf.randomNormal, tf.dropout, a ' +
        'dropout layer …). It would draw once, while it is traced, and every run would get the ' +
        'same numbers. Draw with `uniform`, which the step is given.',
    );
  }
}

/** A step used a tfjs kernel that has no ONNX form here. */
export class UnsupportedKernelError extends ActionableError {
  override readonly name = 'UnsupportedKernelError';
  readonly kernel: string;
  /** Which of its forms, if not all: goes after the kernel's name. */
  readonly detail: string;

  /** @param call the op that needs the kernel, its operands, and where it was called */
  constructor(kernel: string, detail = '', call?: string) {
    super(
      `The tfjs kernel '${kernel}'${detail} cannot be compiled${call ? `: ${call}` : ''}. ` +
        'Write the step with other ops, or run it with the eager engine.',
    );
    this.kernel = kernel;
    this.detail = detail;
  }
}
