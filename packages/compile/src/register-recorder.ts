import * as tfjs from '@tensorflow/tfjs-core';
import {
  engine,
  getKernelsForBackend,
  type KernelConfig,
  type NamedTensorInfoMap,
  registerBackend,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { kernelRules } from './kernels/index.ts';
import { RecordingBackend } from './recording-backend.ts';
import { UnsupportedKernelError } from './trace-error.ts';

export const backendName = 'rodpo-trace';

/** Makes the recorder known to tfjs, with a kernel for every kernel name that tfjs has. */
export function registerRecorder(): void {
  if (!engine().registryFactory[backendName]) {
    registerBackend(backendName, () => new RecordingBackend(), 0);
  }
  if (getKernelsForBackend(backendName).length > 0) return;
  for (const kernelName of [
    ...Object.keys(kernelRules),

    ...unmappedKernels(),
  ]) {
    registerKernel({ kernelName, backendName, kernelFunc: kernelFunction(kernelName) });
  }
}

/** tfjs exports a constant of every kernel's name; those without a rule get a clear error. */
function unmappedKernels(): string[] {
  const exported = Object.values(tfjs).filter((value) => typeof value === 'string');
  const isKernelName = (name: string) => /^_?[A-Z]\w+$/.test(name);
  return exported.filter((name) => isKernelName(name) && !Object.hasOwn(kernelRules, name));
}

function kernelFunction(kernelName: string): KernelConfig['kernelFunc'] {
  const rule = kernelRules[kernelName];
  return ({ inputs, attrs, backend }) => {
    if (hasStrings(inputs))
      throw new UnsupportedKernelError(kernelName, ' of strings', call(inputs));
    try {
      if (rule) return rule(backend as RecordingBackend, inputs, attrs ?? {});
    } catch (error) {
      if (!(error instanceof UnsupportedKernelError)) throw error;
      throw new UnsupportedKernelError(error.kernel, error.detail, call(inputs));
    }
    throw new UnsupportedKernelError(kernelName, '', call(inputs));
  };
}

function hasStrings(inputs: NamedTensorInfoMap): boolean {
  return Object.values(inputs).some((input) => input?.dtype === 'string');
}

/** What was called, with which shapes, and where: for the user to find it. */
function call(inputs: NamedTensorInfoMap): string {
  const given = Object.entries(inputs).flatMap(([name, input]) =>
    [input].flat().map((tensor: TensorInfo | undefined) => {
      return tensor ? `${name}: ${tensor.dtype} [${tensor.shape}]` : `${name}: none`;
    }),
  );
  const op = outermostOp();
  return `${op ? `tf.${op}` : 'a gradient'} of (${given.join(', ')})${callSite()}`;
}

/** The op that the user called: it may be made of other ops. */
function outermostOp(): string | undefined {
  const scopes: { name: string }[] = engine().state.scopeStack;
  const lastOther = scopes.findLastIndex(({ name }) => !name.endsWith('__op'));
  return scopes[lastOther + 1]?.name.replace(/__op$/, '');
}

/** The first line of the stack outside of tfjs and of this package. */
function callSite(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const lines = new Error().stack?.split('\n').slice(1) ?? [];
  Error.stackTraceLimit = limit;
  const isForeign = (line: string) => {
    return !/[\\/]@tensorflow[\\/]|[\\/]tfjs|register-recorder|node:internal/.test(line);
  };
  const line = lines.find(isForeign)?.trim();
  return line ? `, ${line}` : '';
}
