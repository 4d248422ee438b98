import { ActionableError, quote } from '@rodpo/errors';

/** What a provider needs beyond onnxruntime-node's npm package. */
const needs: Readonly<Record<string, string>> = {
  cuda:
    'cuda runs on Linux with an NVIDIA driver, CUDA and cuDNN, and needs the libraries that ' +
    "onnxruntime-node's install script downloads (`npm rebuild onnxruntime-node`).",
  tensorrt:
    "tensorrt runs on Linux with TensorRT, and needs the libraries that onnxruntime-node's " +
    'install script downloads (`npm rebuild onnxruntime-node`).',
  webgpu:
    'webgpu needs a GPU with a Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS) driver.',
  dml: 'dml (DirectML) runs on Windows only.',
  coreml: 'coreml runs on macOS only.',
};

/** The provider asked for is not in this onnxruntime binary, or does not start on this machine. */
export class ExecutionProviderError extends ActionableError {
  override readonly name = 'ExecutionProviderError';
  readonly provider: string;
  /** What this binary has. */
  readonly available: readonly string[];

  constructor(provider: string, available: readonly string[], cause?: unknown) {
    const happened =
      cause === undefined
        ? `onnxruntime-node has no execution provider ${quote(provider)} here`
        : `The execution provider ${quote(provider)} could not load the step: ${reason(cause)}`;
    const advice = Object.hasOwn(needs, provider) ? ` ${needs[provider]}` : '';
    super(
      `${happened}. This binary (${process.platform}-${process.arch}) has: ` +
        `${available.join(', ')}.${advice} Use executionProviders: ['cpu'] to run without it.`,
      cause === undefined ? {} : { cause },
    );
    this.provider = provider;
    this.available = available;
  }
}

/** onnxruntime's own words, which may run over many lines. */
function reason(cause: unknown): string {
  return quote(cause instanceof Error ? cause.message : String(cause), 300);
}
