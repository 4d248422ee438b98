import { type DataId, engine, keep, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from './recording-backend.ts';
import { registeredVariables, specOfTensor } from './variables.ts';

/**
 * tfjs's variables for the time of a trace. A step may read and assign them as it always does; they
 * stand for values of a graph then, so afterwards every variable gets back the value it had.
 *
 * Variables that the step creates (a tfjs optimiser makes its moments in its first step) have no
 * value yet when the trace ends: `created` has the graph name of each one's initial value.
 */
export class LentVariables {
  readonly #values: ReadonlyMap<Variable, Tensor>;
  readonly #lent = new Map<Variable, DataId>();
  readonly #known: Set<string>;
  /** Graph name of the initial value of each variable that the step created. */
  readonly created: Map<Variable, string> = new Map();

  constructor() {
    this.#known = new Set(Object.keys(registeredVariables()));
    const variables = Object.values(registeredVariables());
    this.#values = new Map(variables.map((variable) => [variable, secondOwner(variable)]));
  }

  /**
   * To be called when the recorder is the backend.
   *
   * @param place makes the graph input of a variable, when the step first reads it
   */
  lend(recorder: RecordingBackend, place: (variable: Variable) => string): void {
    for (const variable of this.#values.keys()) {
      // Data of its own: variables that were assigned one tensor share theirs.
      variable.assign(recorder.deferred(() => place(variable), specOfTensor(variable)));
      this.#lent.set(variable, variable.dataId);
    }
    recorder.onShare = () => {
      const names = Object.keys(registeredVariables());
      if (names.length === this.#known.size) return;
      for (const name of names.filter((name) => !this.#known.has(name))) {
        const variable = registeredVariables()[name]!;
        this.#known.add(name);
        this.created.set(variable, recorder.name(variable));
      }
    };
  }

  /** The variables that the step assigned. */
  assigned(): Variable[] {
    const changed = [...this.#lent].filter(([variable, dataId]) => variable.dataId !== dataId);
    return changed.map(([variable]) => variable);
  }

  /** Gives every variable its value back. To be called when the recorder is no longer the backend. */
  restore(): void {
    for (const [variable, value] of this.#values) {
      variable.assign(value);
      value.dispose();
    }
  }

  /** Undoes the creation of variables, after a trace that failed. */
  disposeCreated(): void {
    for (const variable of this.created.keys()) variable.dispose();
  }
}

/** A tensor of the same data, which keeps it alive when the step assigns the variable. */
function secondOwner({ dataId, shape, dtype }: Variable): Tensor {
  const { backend } = engine().state.tensorInfo.get(dataId)!;
  const tensor = keep(engine().makeTensorFromTensorInfo({ dataId, shape, dtype }, backend));
  backend.incRef(dataId);
  return tensor;
}
