import { type DataId, engine, keep, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from './recording-backend.ts';

/**
 * tfjs's variables for the time of a trace. A step may read and assign them as it always does; what
 * it assigns are names of a graph, so afterwards every variable gets back the value it had.
 *
 * Variables that the step creates (a tfjs optimiser makes its moments in its first step) have no
 * value yet when the trace ends: `created` has the graph name of each one's initial value.
 */
export class LentVariables {
  readonly #values = new Map<Variable, Tensor>();
  readonly #names = new Map<DataId, string>();
  readonly #known: Set<string>;
  /** Graph name of the initial value of each variable that the step created. */
  readonly created: Map<Variable, string> = new Map();

  constructor() {
    this.#known = new Set(Object.keys(registered()));
    for (const variable of Object.values(registered())) {
      this.#values.set(variable, secondOwner(variable));
      this.#names.set(variable.dataId, variable.name);
    }
  }

  /** @param place makes the graph input of the variable of this name */
  lend(recorder: RecordingBackend, place: (variable: Variable) => string): void {
    recorder.onRead = (dataId) => {
      const name = this.#names.get(dataId);
      return name === undefined ? undefined : place(registered()[name]!);
    };
    recorder.onShare = () => {
      const names = Object.keys(registered());
      if (names.length === this.#known.size) return;
      for (const name of names.filter((name) => !this.#known.has(name))) {
        const variable = registered()[name]!;
        this.#known.add(name);
        this.created.set(variable, recorder.name(variable));
      }
    };
  }

  /** The variables that have another value than before the trace. */
  assigned(): Variable[] {
    const changed = [...this.#values].filter(([{ dataId }, { dataId: old }]) => dataId !== old);
    return changed.map(([variable]) => variable);
  }

  /** Gives every variable its value back. To be called when the recorder is no longer the backend. */
  restore(): void {
    for (const [variable, value] of this.#values) {
      if (variable.dataId !== value.dataId) variable.assign(value);
      value.dispose();
    }
    this.#values.clear();
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

function registered(): Record<string, Variable> {
  return engine().state.registeredVariables;
}
