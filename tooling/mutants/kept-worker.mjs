import { ThreadsPoolWorker } from 'vitest/node';

/** Runs after which a worker is replaced: nothing that a mutant leaves behind lives long. */
const runsPerWorker = 10;

let kept;

/**
 * A worker that goes on with the next mutant's tests: it has loaded tfjs and the app, and switches from
 * one mutant to another by a variable. A mutant in code that runs when a module is loaded has a worker
 * to itself.
 */
class KeptWorker extends ThreadsPoolWorker {
  name = 'kept';
  runs = 0;
  isKept = true;
  #isStarted = false;
  #config;
  #heard = new Map();

  /**
   * A worker whose test has failed ends its run itself. Vitest would tell it once more, which could reach
   * it in the next run.
   */
  on(event, callback) {
    const heard = (message) => {
      if (message?.m !== 'onCancel') callback(message);
    };
    if (event === 'message') this.#heard.set(callback, heard);
    super.on(event, event === 'message' ? heard : callback);
  }

  off(event, callback) {
    super.off(event, this.#heard.get(callback) ?? callback);
  }

  /** Each run says which tests it is about, in the configuration that a worker gets when it starts. */
  send(message) {
    if (message.type === 'start') {
      this.#config = message.context.config;
      if (this.#isStarted) return this.#answer('started');
      this.#isStarted = true;
    }
    if (message.type === 'stop' && this.isKept) return this.#answer('stopped');
    if (message.type !== 'run') return super.send(message);
    this.#count(message.context.providedContext);
    return super.send({ ...message, context: { ...message.context, config: this.#config } });
  }

  async stop() {
    if (!this.isKept) await super.stop();
  }

  #count({ mode, mutantActivation }) {
    this.runs++;
    this.isKept = mode === 'mutant' && mutantActivation !== 'static' && this.runs < runsPerWorker;
    // It ends some time after the run: the next one must not get it.
    if (!this.isKept && kept === this) kept = undefined;
  }

  #answer(type) {
    this.thread.emit('message', { type, __vitest_worker_response__: true });
  }
}

/** Worker for a run: the kept one, unless what it has loaded must be loaded anew. */
function workerFor(options) {
  const { mutantActivation } = options.project.getProvidedContext();
  if (kept && mutantActivation === 'static') {
    kept.isKept = false;
    void kept.stop();
    kept = undefined;
  }
  kept ??= new KeptWorker(options);
  return kept;
}

/** Vitest’s pool of one worker for all mutants: StrykerJS asks for `threads`, which end with each. */
export const keptWorker = {
  name: 'kept-worker',
  configureVitest({ project }) {
    project.config.pool = 'kept';
    project.config.poolRunner = { name: 'kept', createPoolWorker: workerFor };
  },
};
